import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
import { openApp, type TestApp } from "./app.ts";
import { HttpCache } from "./http_cache.ts";

const HTML = { "Accept": "text/html" };

/** What can be asked again. ID stands for that of a task. */
const TAGGED: readonly [path: string, headers?: Record<string, string>][] = [
  ["/tasks"],
  ["/tasks?done=false&limit=1"],
  ["/tasks/ID"],
  ["/"],
  ["/", HTML],
  ["/docs"],
  ["/openapi.json"],
  ["/problems"],
  ["/problems", HTML],
  ["/problems/not-found"],
  ["/problems/not-found", HTML],
  ["/playground"],
  ["/playground/frame"],
];

/** What caches may do with every other response to GET. */
const OTHERS: readonly [path: string, cache: string][] = [
  ["/ping", "no-cache"],
  ["/healthz", "no-store"],
  ["/readyz", "no-store"],
  ["/tasks/events", "no-store"],
  ["/playground/runs/1", "no-cache"],
  ["/playground/error", "no-cache"],
  ["/nope", "no-cache"],
  ["/tasks/1", "no-cache"],
  ["/tasks/%zz", "no-cache"],
  ["/tasks?x=1", "no-cache"],
];

/** Opens an API with everything that it can have, and a task. */
async function open(): Promise<TestApp & { id: string }> {
  const app = await openApp({ appMode: "development" });
  const response = await app.send("POST", "/tasks", { title: "Write" });
  const { id } = await response.json();
  return { ...app, id, [Symbol.asyncDispose]: app[Symbol.asyncDispose] };
}

for (const [place, headers = {}] of TAGGED) {
  Deno.test(`GET ${place} with ${JSON.stringify(headers)} has a tag, and is 304 to it`, async () => {
    await using app = await open();
    const path = place.replace("ID", app.id);
    const whole = await app.fetch(path, { headers });
    const tag = whole.headers.get("ETag")!;

    const same = await app.fetch(path, {
      headers: { ...headers, "If-None-Match": tag },
    });
    const other = await app.fetch(path, {
      headers: { ...headers, "If-None-Match": '"x"' },
    });

    assertEquals([same.status, same.body], [304, null]);
    // A 304 has the headers that matter to a cache (RFC 9110, 15.4.5).
    for (const name of ["ETag", "Cache-Control", "Vary"]) {
      assertEquals(same.headers.get(name), whole.headers.get(name));
    }
    assertEquals(whole.headers.get("Cache-Control"), "no-cache");
    assertEquals(await other.text(), await whole.text());
  });
}

for (const [path, cache] of OTHERS) {
  Deno.test(`GET ${path} has Cache-Control: ${cache}`, async () => {
    await using app = await open();

    const response = await app.fetch(path);
    await response.body?.cancel();

    assertEquals(response.headers.get("Cache-Control"), cache);
    assert(!response.headers.has("ETag"));
  });
}

Deno.test("every route of GET is among those above", async () => {
  await using app = await open();

  const paths = app.routes.filter(({ method }) => method === "GET")
    .map(({ path }) => path);

  const asked = new Set(
    [...TAGGED, ...OTHERS].map(([path]) =>
      path.replace("/problems/not-found", "/problems/:name")
        .replace("/runs/1", "/runs/:run").replace("/tasks/ID", "/tasks/:id")
    ),
  );
  assertEquals(paths.filter((path) => !asked.has(path)), []);
});

Deno.test("only the client itself may store responses where tokens are asked for", async () => {
  await using app = await openApp({ apiTokens: ["0".repeat(64)] });

  for (const path of ["/tasks", "/docs"]) {
    const { headers, body } = await app.fetch(path);
    await body?.cancel();
    assertEquals(headers.get("Cache-Control"), "private, no-cache");
  }
});

Deno.test("a cache that does all it may never shows what was changed by others", async () => {
  await using app = await open();
  const cache = new HttpCache(app.fetch);
  const changes: [method: string, path: string, body?: unknown][] = [
    ["PATCH", `/tasks/${app.id}`, { done: true }],
    ["POST", "/tasks", { title: "Read" }],
    ["PATCH", `/tasks/${app.id}`, { title: "Read", done: false }],
    ["DELETE", `/tasks/${app.id}`],
  ];
  const requests: [path: string, headers?: Record<string, string>][] = [
    ["/tasks"],
    ["/tasks?done=true"],
    ["/tasks?limit=1"],
    [`/tasks/${app.id}`],
    ["/tasks/1"],
    ["/"],
    ["/", HTML],
    ["/docs"],
    ["/ping"],
    ["/readyz"],
    ["/tasks", { "Origin": "https://app.example.com" }],
  ];

  for (const change of [undefined, ...changes]) {
    if (change) {
      const [method, path, body] = change;
      await (await app.send(method, path, body)).body?.cancel();
    }
    // The second time with what the first has stored.
    for (const [path, headers = {}] of [...requests, ...requests]) {
      const seen = await cache.get(path, headers);
      const real = await app.fetch(path, { headers });
      assertEquals(seen.status, real.status);
      assertEquals(withoutId(await seen.text()), withoutId(await real.text()));
    }
  }
  assert(!cache.served.includes("hit"));
  assert(cache.served.includes("validated"));
});

Deno.test("polling a list that has not changed reads no page", async () => {
  await using app = await open();
  const cache = new HttpCache(app.fetch);
  const before = await (await cache.get("/tasks?done=false")).text();

  {
    // deno-lint-ignore no-explicit-any
    using lists = stub(Deno.Kv.prototype as any, "list");
    const after = await cache.get("/tasks?done=false");
    assertEquals(await after.text(), before);
    assertEquals(lists.calls.length, 0);
  }

  assertEquals(cache.served, ["miss", "validated"]);
});

Deno.test("lists with other parameters have other tags", async () => {
  await using app = await open();

  const tags = await Promise.all(
    ["", "?", "?limit=20", "?limit=21", "?done=false", "?done=true"].map(
      async (query) => {
        const { headers, body } = await app.fetch(`/tasks${query}`);
        await body?.cancel();
        return headers.get("ETag")!;
      },
    ),
  );

  const [plain, empty, same, ...others] = tags;
  assert(tags.every((tag) => /^W\/"[\w-]+"$/.test(tag)));
  assertEquals([empty, same], [plain, plain]);
  for (const other of others) assertNotEquals(other, plain);
  assertEquals(new Set(others).size, others.length);
});

Deno.test("a list without a condition is one read, and its tag is no newer than the page", async () => {
  const folder = await Deno.makeTempDir();
  await using stack = new AsyncDisposableStack();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const config = { kvPath: `${folder}/tasks.sqlite3` };
  await using app = await openApp(config);
  await using other = await openApp(config);
  await app.send("POST", "/tasks", { title: "One" });
  await (await other.fetch("/tasks")).body?.cancel();

  await app.send("POST", "/tasks", { title: "Two" });
  // deno-lint-ignore no-explicit-any
  const gets = stub(Deno.Kv.prototype as any, "get");
  const first = await other.fetch("/tasks").finally(() => gets.restore());
  assertEquals(gets.calls.length, 0);
  const { items } = await first.json();
  const headers = { "If-None-Match": first.headers.get("ETag")! };
  const second = await other.fetch("/tasks", { headers });
  await second.body?.cancel();
  headers["If-None-Match"] = second.headers.get("ETag")!;
  const third = await other.fetch("/tasks", { headers });

  assertEquals(items.length, 2);
  assertEquals([second.status, third.status], [200, 304]);
});

/** Problems differ by the id of their request. */
function withoutId(text: string): string {
  return text.replace(/"requestId":"[^"]*"/, "");
}
