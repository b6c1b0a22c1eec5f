import { assertEquals, assertRejects } from "@std/assert";
import type { Config } from "../../server/config.ts";
import { createApp } from "../../main.ts";
import { run } from "../../tests/server/_run.ts";
import { seed } from "../seed.ts";

/** Serves the API, and returns its URL. */
async function serve(
  stack: AsyncDisposableStack,
  config: Partial<Config> = {},
): Promise<string> {
  const app = stack.use(await createApp({ config }));
  const server = stack.use(Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => app.fetch(request),
  ));
  return `http://127.0.0.1:${server.addr.port}`;
}

Deno.test("seed() creates the tasks that do not exist", async () => {
  await using stack = new AsyncDisposableStack();
  const url = await serve(stack);

  assertEquals(await seed(url), 5);
  assertEquals(await seed(url), 0);

  const { items } = await (await fetch(`${url}/tasks`)).json();
  await fetch(`${url}/tasks/${items[0].id}`, { method: "DELETE" });
  assertEquals(await seed(url), 1);
});

Deno.test("seed() sends its token, and reports a rejection", async () => {
  await using stack = new AsyncDisposableStack();
  const bytes = new TextEncoder().encode("secret");
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  const apiTokens = [new Uint8Array(digest).toHex()];
  const url = await serve(stack, { apiTokens });

  await assertRejects(() => seed(url), Error, "401: ");
  assertEquals(await seed(url, "secret"), 5);
});

Deno.test("seed.ts seeds a running server, and says where there is none", async () => {
  await using stack = new AsyncDisposableStack();
  const url = await serve(stack);
  const PORT = new URL(url).port;

  const seeded = await run(["template/seed.ts"], { PORT });
  await stack.disposeAsync();
  const { code, error } = await run(["template/seed.ts", url]);

  assertEquals(seeded, {
    code: 0,
    out: `Created 5 tasks: ${url}/tasks\n`,
    error: "",
  });
  assertEquals(code, 1);
  assertEquals(error.startsWith(`Cannot seed ${url}: `), true);
});
