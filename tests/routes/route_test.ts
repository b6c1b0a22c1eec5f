import { assertEquals } from "@std/assert";
import { open, type Params, route } from "../../routes/route.ts";

Deno.test("route() splits the method from the path", () => {
  const { method, path } = route("PATCH /tasks/:id", () => new Response());

  assertEquals([method, path], ["PATCH", "/tasks/:id"]);
});

Deno.test("route() keeps the description for the documents", () => {
  const description = {
    operationId: "ping",
    tags: ["a"],
    summary: "Ping",
    description: "",
    responses: {},
  };

  const described = route("GET /ping", () => new Response(), description);
  const plain = route("GET /ping", () => new Response());

  assertEquals(described.description, description);
  assertEquals(plain.description, undefined);
});

Deno.test("route() has typed parameters", () => {
  const none: Params<"/tasks"> = {};
  const one: Params<"/tasks/:id"> = { id: "1" };
  const two: Params<"/tasks/:id/notes/:note"> = { id: "1", note: "2" };
  // @ts-expect-error There is no such parameter.
  const typo = route("GET /tasks/:id", (_, { idd }) => new Response(idd));
  // @ts-expect-error There is no such method.
  const method = route("HEAD /tasks", () => new Response());

  assertEquals([none, one, two].length, 3);
  assertEquals([typo, method].map(({ path }) => path), [
    "/tasks/:id",
    "/tasks",
  ]);
});

Deno.test("open() marks copies, and leaves the routes as they are", () => {
  const ping = route("GET /ping", () => new Response());

  const marked = open([ping]);

  assertEquals(marked, [{ ...ping, open: true }]);
  assertEquals("open" in ping, false);
});
