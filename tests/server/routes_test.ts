import { assertEquals, assertMatch } from "@std/assert";
import { findRoutes } from "../../server/routes.ts";
import { openApp } from "../app.ts";
import { runTool } from "./_run_tool.ts";

Deno.test("findRoutes() finds every route of the app, and no other", async () => {
  await using app = await openApp({ appMode: "development" });

  const found = await findRoutes();

  assertEquals(found.map(nameOf).sort(), app.routes.map(nameOf).sort());
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

function nameOf({ method, path }: { method: string; path: string }): string {
  return `${method} ${path}`;
}
