import { assertEquals } from "@std/assert";
import { createApp } from "../../../main.ts";
import { openExtension } from "./_extension.ts";
import { serve } from "./_site.ts";

const SCRIPT = async (api: string): Promise<string> => {
  const saw: unknown[] = [location.protocol];
  for (const method of ["GET", "PUT"]) {
    await fetch(`${api}/ping`, { method, headers: { "X-Request-Id": "a" } })
      .then(({ status }) => saw.push(status), (error) => saw.push(`${error}`));
  }
  return saw.join();
};

const BLOCKED = "TypeError: Failed to fetch";

Deno.test("Chromium lets an extension do what the configuration allows, and no more", async (test) => {
  await using extension = await openExtension();
  const { page, origin } = extension;

  for (
    const [allowedOrigins, saw] of [
      [[origin], `200,${BLOCKED}`],
      [["chrome-extension://*"], `200,${BLOCKED}`],
      [["moz-extension://*"], `${BLOCKED},${BLOCKED}`],
    ] as const
  ) {
    await test.step(allowedOrigins.join(), async () => {
      await using stack = new AsyncDisposableStack();
      const app = stack.use(await createApp({ config: { allowedOrigins } }));
      const server = serve(stack, app.fetch);
      const api = `http://localhost:${server.addr.port}`;

      assertEquals(
        await page.evaluate(SCRIPT, api),
        `chrome-extension:,${saw}`,
      );
    });
  }
});
