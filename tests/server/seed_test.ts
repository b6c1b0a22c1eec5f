import { assertEquals, assertRejects } from "@std/assert";
import { createApp } from "../../main.ts";
import { seed } from "../../server/seed.ts";
import { openApp, type TestApp } from "../app.ts";
import { run } from "./_run.ts";

const BASE = "http://localhost:8000";

function sendTo(app: TestApp): (request: Request) => Promise<Response> {
  return async function send(request): Promise<Response> {
    const body = request.body === null ? null : await request.text();
    const { method, headers, url } = request;
    return await app.fetch(url.slice(BASE.length), { method, headers, body });
  };
}

Deno.test("seed() creates the tasks that do not exist", async () => {
  await using app = await openApp();
  const send = sendTo(app);

  assertEquals(await seed(BASE, { send }), 5);
  assertEquals(await seed(BASE, { send }), 0);

  const { items } = await (await app.fetch("/tasks")).json();
  await app.fetch(`/tasks/${items[0].id}`, { method: "DELETE" });
  assertEquals(await seed(BASE, { send }), 1);
});

Deno.test("seed() sends its token, and reports a rejection", async () => {
  const token = "secret";
  const bytes = new TextEncoder().encode(token);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const apiTokens = [new Uint8Array(digest).toHex()];
  await using app = await openApp({ apiTokens });
  const send = sendTo(app);

  await assertRejects(() => seed(BASE, { send }), Error, "401: ");
  assertEquals(await seed(BASE, { send, token }), 5);
});

Deno.test("seed.ts seeds a running server, and says where there is none", async () => {
  await using app = await createApp();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => app.fetch(request),
  );
  const { port } = server.addr;
  const url = `http://127.0.0.1:${port}`;

  const seeded = await run(["server/seed.ts", url]);
  await server.shutdown();
  const { code, error } = await run(["server/seed.ts"], { PORT: `${port}` });

  assertEquals(seeded, {
    code: 0,
    out: `Created 5 tasks: ${url}/tasks\n`,
    error: "",
  });
  assertEquals(code, 1);
  assertEquals(error.startsWith(`Cannot seed ${url}: `), true);
});
