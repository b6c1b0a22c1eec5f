import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { createApp } from "../../main.ts";
import { seed } from "../../server/seed.ts";
import { openApp, type TestApp } from "../app.ts";
import { runTool } from "./_run_tool.ts";

const URL_HERE = "http://localhost:8000";

function sendTo(app: TestApp): (request: Request) => Promise<Response> {
  return async function send(request): Promise<Response> {
    const body = request.body === null ? null : await request.text();
    const { method, headers, url } = request;
    return await app.fetch(url.slice(URL_HERE.length), {
      method,
      headers,
      body,
    });
  };
}

async function titlesIn(app: TestApp): Promise<string[]> {
  const response = await app.fetch("/tasks?limit=100");
  const { items } = await response.json();
  return items.map(({ title }: { title: string }) => title).sort();
}

Deno.test("seed() creates tasks once, and again what was deleted", async () => {
  await using app = await openApp();
  const send = sendTo(app);

  assertEquals(await seed(URL_HERE, { send }), 5);
  const titles = await titlesIn(app);
  assertEquals(await seed(URL_HERE, { send }), 0);

  for (const _time of ["once", "twice"]) {
    const { items } = await (await app.fetch("/tasks?limit=1")).json();
    await app.fetch(`/tasks/${items[0].id}`, { method: "DELETE" });
    assertEquals(await seed(URL_HERE, { send }), 1);
    assertEquals(await titlesIn(app), titles);
  }
});

Deno.test("seed() creates as many as it is asked for, over several pages", async () => {
  await using app = await openApp();
  const send = sendTo(app);

  assertEquals(await seed(URL_HERE, { send, count: 120 }), 120);
  assertEquals(await seed(URL_HERE, { send, count: 121 }), 1);
});

Deno.test("seed() sends its token, and says why the server says no", async () => {
  const token = "secret";
  const bytes = new TextEncoder().encode(token);
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const apiTokens = [new Uint8Array(digest).toHex()];
  await using app = await openApp({ apiTokens });
  const send = sendTo(app);

  await assertRejects(() => seed(URL_HERE, { send }), Error, "says 401: ");
  assertEquals(await seed(URL_HERE, { send, token }), 5);
});

Deno.test("seed.ts seeds a server that runs", async () => {
  await using app = await createApp();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => app.fetch(request),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;

  const { code, out } = await runTool("seed.ts", [`--url=${url}`]);
  await server.shutdown();

  assertEquals(code, 0);
  assertEquals(out, `Created 5 tasks, 0 were there: ${url}/tasks\n`);
});

Deno.test("seed.ts says where nothing answers, and ends with 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  listener.close();

  const { code, error } = await runTool("seed.ts", [], { PORT: `${port}` });

  assertEquals(code, 1);
  assertEquals(
    error,
    `Nothing answers at http://127.0.0.1:${port}: start it with "deno task dev"\n`,
  );
});

for (
  const [arg, sentence] of [
    ["--fast", 'Cannot use "--fast": --help lists the options'],
    ["--count=0", "Write --count as a whole number from 1 to 100000"],
    ["--url=here", 'Cannot use the URL "here": write http://HOST:PORT'],
  ] as const
) {
  Deno.test(`seed.ts ${arg} says what to write, and ends with 1`, async () => {
    assertEquals(await runTool("seed.ts", [arg]), {
      code: 1,
      out: "",
      error: `${sentence}\n`,
    });
  });
}

Deno.test("seed.ts --help lists the options", async () => {
  const { code, out } = await runTool("seed.ts", ["--help"]);

  assertEquals(code, 0);
  assertStringIncludes(out, "--count=N");
});
