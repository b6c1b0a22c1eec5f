import { assertEquals, assertMatch } from "@std/assert";
import { createApp } from "../../main.ts";
import { readConfig } from "../../server/config.ts";
import { run } from "./_run.ts";

Deno.test("deno task token prints a token of 128 bits, and the setting that accepts it", async () => {
  const { code, out } = await run(["server/token.ts"], {}, { flags: [] });
  const [token = "", setting = ""] = out.split("\n");
  const [name, value] = setting.split("=");
  const { apiTokens } = readConfig((it) => it === name ? value : undefined);
  await using app = await createApp({ config: { apiTokens } });
  const headers = { "Authorization": `Bearer ${token}` };

  const response = await app.fetch(
    new Request("http://localhost/tasks", { headers }),
  );
  await response.body?.cancel();

  assertEquals(code, 0);
  assertMatch(token, /^[\w-]{22}$/);
  assertEquals(response.status, 200);
});
