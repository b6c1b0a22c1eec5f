import {
  assert,
  assertEquals,
  assertMatch,
  assertStrictEquals,
} from "@std/assert";
import { requestState } from "../../../http/request_state.ts";
import {
  createPlayground,
  type Playground,
} from "../../../routes/playground/playground.ts";
import { router } from "../../../routes/router.ts";
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

function requestTo(path: string, method = "GET"): Request {
  return new Request(`http://localhost:8000${path}`, { method });
}

function respondWith(response: Response): () => Promise<Response> {
  return () => Promise.resolve(response);
}

async function sentIn({ routes }: Playground, run: string): Promise<unknown[]> {
  const request = requestTo(`/playground/runs/${run}`);
  return await (await router(routes)(request)).json();
}

Deno.test("record() keeps what the server sent in a run, in order", async () => {
  const playground = createPlayground([]);
  const preflight = requestTo("/ping?run=a-1", "OPTIONS");
  requestState(preflight).corsReason = "method PUT";

  await playground.record(
    preflight,
    respondWith(new Response(null, { status: 204, headers: { "Vary": "A" } })),
  );
  await playground.record(
    requestTo("/ping?run=a-1"),
    respondWith(Response.json({ ok: true }, { status: 418 })),
  );

  assertEquals(await sentIn(playground, "a-1"), [
    {
      method: "OPTIONS",
      status: 204,
      headers: { vary: "A" },
      body: "",
      corsReason: "method PUT",
    },
    {
      method: "GET",
      status: 418,
      headers: { "content-type": "application/json" },
      body: '{"ok":true}',
      corsReason: "",
    },
  ]);
  assertEquals(await sentIn(playground, "a"), []);
});

Deno.test("record() passes on what it records", async () => {
  const sent = Response.json({ ok: true }, {
    status: 418,
    headers: { "X-Handled-By": "test" },
  });

  const response = await createPlayground([]).record(
    requestTo("/ping?run=1"),
    respondWith(sent),
  );

  assertEquals(response.status, 418);
  assertEquals(response.headers.get("X-Handled-By"), "test");
  assertEquals(await response.json(), { ok: true });
});

const IGNORED = [
  { what: "a request without a run", path: "/ping", type: "application/json" },
  { what: "an invalid run", path: "/?run=a%20b", type: "application/json" },
  { what: "a stream of events", path: "/?run=1", type: "text/event-stream" },
];

for (const { what, path, type } of IGNORED) {
  Deno.test(`record() ignores ${what}`, async () => {
    const playground = createPlayground([]);
    const sent = new Response("{}", { headers: { "Content-Type": type } });

    const response = await playground.record(
      requestTo(path),
      respondWith(sent),
    );

    assertStrictEquals(response, sent);
    assert(!response.bodyUsed);
    assertEquals(await sentIn(playground, "1"), []);
  });
}

Deno.test("record() forgets all but the last 50", async () => {
  const playground = createPlayground([]);

  for (let run = 0; run < 51; run++) {
    await playground.record(
      requestTo(`/ping?run=${run}`),
      respondWith(Response.json(run)),
    );
  }

  assertEquals(await sentIn(playground, "0"), []);
  assertEquals((await sentIn(playground, "1")).length, 1);
  assertEquals((await sentIn(playground, "50")).length, 1);
});
