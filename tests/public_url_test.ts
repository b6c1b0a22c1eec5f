import { assert, assertEquals } from "@std/assert";
import { openApp } from "./app.ts";

const PUBLIC_URL = "https://example.com/api";

Deno.test("addresses in responses begin with PUBLIC_URL", async () => {
  await using app = await openApp({ publicUrl: PUBLIC_URL });

  const created = await app.send("POST", "/tasks", { title: "Write" });
  await app.send("POST", "/tasks", { title: "Read" });
  const list = await app.fetch("/tasks?limit=1");
  const problem = await app.fetch("/nope");
  const types = await app.fetch("/problems");
  const document = await app.fetch("/openapi.json");
  const home = await app.fetch("/");

  const { id } = await created.json();
  const { next, nextCursor } = await list.json();
  assertEquals(created.headers.get("Location"), `${PUBLIC_URL}/tasks/${id}`);
  assertEquals(next, `${PUBLIC_URL}/tasks?limit=1&cursor=${nextCursor}`);
  assertEquals(list.headers.get("Link"), `<${next}>; rel="next"`);
  const { type } = await problem.json();
  assertEquals(type, `${PUBLIC_URL}/problems/not-found`);
  const known: { type: string }[] = await types.json();
  assert(known.some((each) => each.type === type));
  assertEquals((await document.json()).servers, [{ url: PUBLIC_URL }]);
  const { links } = await home.json();
  assertEquals(links.tasks, `${PUBLIC_URL}/tasks`);
});

Deno.test("a 429 has PUBLIC_URL, too", async () => {
  const rateLimit = { requests: 1, seconds: 60 };
  await using app = await openApp({ publicUrl: PUBLIC_URL, rateLimit });

  await app.fetch("/ping");
  const { type } = await (await app.fetch("/ping")).json();

  assertEquals(type, `${PUBLIC_URL}/problems/too-many-requests`);
});

Deno.test("without PUBLIC_URL, addresses in responses are paths", async () => {
  await using app = await openApp();

  const created = await app.send("POST", "/tasks", { title: "Write" });
  const { id } = await created.json();
  const { type } = await (await app.fetch("/nope")).json();

  assertEquals(created.headers.get("Location"), `/tasks/${id}`);
  assertEquals(type, "/problems/not-found");
});
