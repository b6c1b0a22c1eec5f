import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { docsRoutes } from "../../../routes/docs/routes.ts";
import { router } from "../../../routes/router.ts";

function get(
  path: string,
  name = "tasks-api",
): Promise<Response> {
  const options = { name, version: "2.1", routes: [], resources: [] };
  return router(docsRoutes(options))(new Request(`http://localhost${path}`));
}

Deno.test("GET /openapi.json responds with the document with its own type", async () => {
  const response = await get("/openapi.json");

  assertEquals(
    response.headers.get("Content-Type"),
    "application/openapi+json",
  );
  assertEquals((await response.json()).info.title, "tasks-api");
});

Deno.test("GET /docs contains the document, whatever the name of the app", async () => {
  const name = "</script><script>alert(1)</script><!--";

  const html = await (await get("/docs", name)).text();

  const [, json] = /id="data">([^]*?)<\/script>/.exec(html)!;
  assertEquals(JSON.parse(json!).info.title, name);
  assertStringIncludes(html, "<title>&lt;/script&gt;");
});

Deno.test("GET /docs loads nothing from anywhere", async () => {
  const html = await (await get("/docs")).text();

  const loaded = html.replace(/<script type="application\/json"[^]*/, "")
    .matchAll(/(?:src|href)="([^"]*)"/g);
  for (const [, address] of loaded) assertMatch(address!, /^[/#]|^data:/);
});

Deno.test("GET /docs allows the script that is in it", async () => {
  const response = await get("/docs");

  // A browser ends each line with LF before it hashes a script.
  const html = (await response.text()).replaceAll("\r\n", "\n");
  const [, script] = /<script type="module">([^]*?)<\/script>/.exec(html)!;
  const bytes = new TextEncoder().encode(script);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  assertStringIncludes(
    response.headers.get("Content-Security-Policy")!,
    `script-src 'sha256-${new Uint8Array(hash).toBase64()}'`,
  );
});
