import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { Problem } from "../../http/problem.ts";

Deno.test("Problem is an error with a name, a message and a cause", () => {
  const cause = new Error("disk");

  const problem = new Problem("unavailable", "Cannot read", { cause });

  assertInstanceOf(problem, Error);
  assertEquals(String(problem), "Problem: Cannot read");
  assertEquals(problem.cause, cause);
  assertEquals(problem.status, 503);
  assertEquals(problem.errors, []);
  assertEquals(problem.headers, {});
});

Deno.test("Problem.toResponse() has the members of RFC 9457, and not the cause", async () => {
  const problem = new Problem("invalid-body", "Cannot create the task", {
    cause: new Error("secret"),
    errors: [{ pointer: "#/title", detail: "Required" }],
  });

  const response = problem.toResponse("abc-1");

  assertEquals(response.status, 422);
  assertEquals(
    response.headers.get("Content-Type"),
    "application/problem+json",
  );
  assertEquals(await response.json(), {
    type: "/problems/invalid-body",
    title: "Invalid body",
    status: 422,
    detail: "Cannot create the task",
    requestId: "abc-1",
    errors: [{ pointer: "#/title", detail: "Required" }],
  });
});

Deno.test("Problem.toResponse() leaves out an unknown request id and an empty list", async () => {
  const response = new Problem("not-found", "Nothing").toResponse("");

  assertEquals(Object.keys(await response.json()), [
    "type",
    "title",
    "status",
    "detail",
  ]);
});

Deno.test("Problem.toResponse() has the headers of the problem", async () => {
  const headers = { "Retry-After": "1", "Cache-Control": "no-store" };

  const response = new Problem("unavailable", "No", { headers }).toResponse("");

  assertEquals(response.headers.get("Retry-After"), "1");
  assertEquals(response.headers.get("Cache-Control"), "no-store");
  await response.body?.cancel();
});

Deno.test("Problem.toResponse() returns a new response each time", async () => {
  const problem = new Problem("not-found", "Nothing");

  const bodies = await Promise.all(
    ["a", "b"].map((id) => problem.toResponse(id).json()),
  );

  assertEquals(bodies.map(({ requestId }) => requestId), ["a", "b"]);
});

Deno.test("Problem.toResponse() has the first hundred of many validation errors", async () => {
  const errors = Array.from(
    { length: 10_000 },
    (_, index) => ({ parameter: `p${index}`, detail: "Unknown parameter" }),
  );
  const problem = new Problem("invalid-query", "No", { errors });

  const body = await problem.toResponse("").json();

  assertEquals(problem.errors.length, 10_000);
  assertEquals(body.errors, errors.slice(0, 100));
});

Deno.test("Problem.toResponse() escapes a lone surrogate", async () => {
  const response = new Problem("not-found", "\ud800").toResponse("");

  const text = await response.text();

  assert(text.isWellFormed());
  assertEquals(JSON.parse(text).detail, "\ud800");
});
