import { assert, assertEquals, assertMatch } from "@std/assert";
import { findRoutes } from "../../tools/routes.ts";
import { openApp } from "../app.ts";
import { runTool } from "./_run_tool.ts";

Deno.test("findRoutes() finds every route that the OpenAPI document has", async () => {
  const found = await findRoutes();
  const names = found.map(({ method, path }) => `${method} ${path}`);

  await using app = await openApp();
  const { paths } = await (await app.fetch("/openapi.json")).json();
  for (const [path, item] of Object.entries<object>(paths)) {
    for (const method of Object.keys(item)) {
      if (method === "parameters") continue;
      const name = path.replaceAll(/\{(\w+)\}/g, ":$1");
      assert(names.includes(`${method.toUpperCase()} ${name}`), name);
    }
  }
  assertEquals(found.filter(({ mounted }) => !mounted), []);
});

Deno.test("routes.ts prints method, path and file", async () => {
  const { code, out } = await runTool("routes.ts", []);

  assertEquals(code, 0);
  assertMatch(out, /^GET {5}\/ping +routes\/ping\.ts:\d+$/m);
});

Deno.test("routes.ts tells its help, and refuses what it does not know", async () => {
  const help = await runTool("routes.ts", ["--help"]);
  const refused = await runTool("routes.ts", ["--all"]);

  assertEquals([help.code, refused.code], [0, 1]);
  assertEquals(help.out, refused.error);
});
