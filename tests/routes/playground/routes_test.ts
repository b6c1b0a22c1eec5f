import { assert, assertEquals, assertMatch } from "@std/assert";
import { openApp, type TestApp } from "../../app.ts";

const TWIN = "http://127.0.0.1:8000";

function openPlayground(): Promise<TestApp> {
  return openApp({ appMode: "development", allowedOrigins: [TWIN] });
}

Deno.test("GET /playground exists in development only", async () => {
  await using development = await openPlayground();
  await using production = await openApp();

  const there = await development.fetch("/playground");
  const gone = await production.fetch("/playground");

  assertEquals(there.status, 200);
  assertEquals(there.headers.get("Content-Type"), "text/html; charset=utf-8");
  assertEquals(gone.status, 404);
  await Promise.all([there.text(), gone.text()]);
});

Deno.test("GET /docs links to the playground in development only", async () => {
  await using development = await openPlayground();
  await using production = await openApp();
  const link = '<a href="/playground">Playground</a>';

  const there = await (await development.fetch("/docs")).text();
  const gone = await (await production.fetch("/docs")).text();

  assert(there.includes(link));
  assert(!gone.includes("/playground"));
});

Deno.test("GET /playground lists the allowed origins", async () => {
  await using app = await openPlayground();

  const response = await app.fetch("/playground");

  assertMatch(await response.text(), /<span id="allowed"[^>]*>\s*http:\/\/127/);
});

Deno.test("GET /playground may contain frames of this machine, and no page may frame it", async () => {
  await using app = await openPlayground();

  const response = await app.fetch("/playground");
  await response.body?.cancel();

  const policy = response.headers.get("Content-Security-Policy")!.split("; ");
  assert(policy.includes("frame-src http://localhost:* http://127.0.0.1:*"));
  assert(policy.includes("frame-ancestors 'none'"));
  assert(policy.includes("connect-src 'self'"));
});

Deno.test("GET /playground/frame calls this machine, and its pages may frame it", async () => {
  await using app = await openPlayground();

  const response = await app.fetch("/playground/frame");
  await response.body?.cancel();

  const policy = response.headers.get("Content-Security-Policy")!.split("; ");
  const loopback = "http://localhost:* http://127.0.0.1:*";
  assert(policy.includes(`connect-src ${loopback}`));
  assert(policy.includes(`frame-ancestors ${loopback}`));
});

Deno.test("GET /playground/runs/:run returns a preflight and its request as they were sent", async () => {
  await using app = await openPlayground();
  const path = "/playground/note?run=1";
  const preflight = await app.fetch(path, {
    method: "OPTIONS",
    headers: { "Origin": TWIN, "Access-Control-Request-Method": "PATCH" },
  });
  const response = await app.fetch(path, {
    method: "PATCH",
    headers: { "Origin": TWIN },
  });
  const body = await response.text();

  const runs = await app.fetch("/playground/runs/1");

  assertEquals(await runs.json(), [
    {
      method: "OPTIONS",
      status: 204,
      headers: Object.fromEntries(preflight.headers),
      body: "",
      corsReason: "",
    },
    {
      method: "PATCH",
      status: 200,
      headers: Object.fromEntries(response.headers),
      body,
      corsReason: "",
    },
  ]);
});

Deno.test("PATCH and PUT /playground/note count their changes", async () => {
  await using app = await openPlayground();

  const first = await app.send("PATCH", "/playground/note", { done: true });
  const second = await app.send("PUT", "/playground/note", { done: true });

  assertEquals(await first.json(), { changes: 1 });
  assertEquals(await second.json(), { changes: 2 });
});

Deno.test("GET /playground/error throws, and an allowed page may read the 500", async () => {
  await using app = await openPlayground();

  const response = await app.fetch("/playground/error", {
    headers: { "Origin": TWIN },
  });

  assertEquals(response.status, 500);
  assertEquals(response.headers.get("Access-Control-Allow-Origin"), TWIN);
  assertEquals((await response.json()).type, "/problems/internal-error");
  assert(app.log.some(({ level }) => level === "error"));
});
