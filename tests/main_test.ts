import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { stub } from "@std/testing/mock";
import type { Config } from "../server/config.ts";
import { createApp } from "../main.ts";
import { openApp, type TestApp } from "./app.ts";
import { assertProblem } from "./assert_problem.ts";

const ORIGIN = "https://app.example.com";
const NOWHERE = "/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P";
const JSON_TYPE = { "Content-Type": "application/json" };

/** Lets every read of the store end in another way. */
function breakStore(read: () => Promise<unknown>): Disposable {
  // deno-lint-ignore no-explicit-any
  const kv = Deno.Kv.prototype as any;
  const stack = new DisposableStack();
  stack.use(stub(kv, "get", read));
  stack.use(stub(kv, "list", () => ({ next: read })));
  return stack;
}

/** An unexpected error. */
function fail(
  error: Error = new RangeError("the secret cause"),
): () => Promise<never> {
  return () => Promise.reject(error);
}

async function createTask(
  app: TestApp,
): Promise<{ path: string; tag: string }> {
  const response = await app.send("POST", "/tasks", { title: "Write" });
  await response.body?.cancel();
  return {
    path: response.headers.get("Location")!,
    tag: response.headers.get("ETag")!,
  };
}

function varyOf({ headers }: Response): string[] {
  return headers.get("Vary")!.toLowerCase().split(/, */);
}

// Every response

const PREFLIGHT = {
  "Origin": ORIGIN,
  "Access-Control-Request-Method": "PATCH",
};

/** A request for each status. PATH and TAG stand for those of a task. */
const EVERY: [status: number, send: string, init?: {
  headers?: Record<string, string>;
  body?: string;
  broken?: boolean;
}][] = [
  [200, "GET /ping"],
  [200, "GET /healthz"],
  [200, "GET /readyz"],
  [200, "GET /tasks"],
  [200, "GET /tasks/events"],
  [200, "GET /"],
  [200, "GET /", { headers: { "Accept": "text/html" } }],
  [200, "GET /docs"],
  [200, "GET /openapi.json"],
  [200, "GET /problems/not-found"],
  [200, "HEAD /tasks"],
  [200, "HEAD PATH"],
  [201, "POST /tasks", { body: '{"title":"Write"}' }],
  [204, "DELETE PATH"],
  [204, "OPTIONS /tasks"],
  [204, "OPTIONS /tasks", { headers: PREFLIGHT }],
  [304, "GET PATH", { headers: { "If-None-Match": "TAG" } }],
  [400, "POST /tasks", { body: "{" }],
  [400, "GET /tasks/%zz"],
  [403, "OPTIONS /tasks", {
    headers: { ...PREFLIGHT, "Origin": "https://evil.example.com" },
  }],
  [404, "GET /nope"],
  [404, "HEAD /nope"],
  [404, "GET /tasks/1"],
  [405, "PUT /tasks"],
  [412, "PATCH PATH", { headers: { "If-Match": '"x"' }, body: "{}" }],
  [413, "POST /tasks", { body: " ".repeat(70_000) }],
  [415, "POST /tasks", { headers: { "Content-Type": "text/plain" }, body: "" }],
  [422, "POST /tasks", { body: "{}" }],
  [422, "GET /tasks?x=1"],
  [500, "GET PATH", { broken: true }],
  [500, "HEAD PATH", { broken: true }],
  [503, "GET /readyz", { broken: true }],
];

for (const [status, send, { headers, body, broken } = {}] of EVERY) {
  Deno.test(`${send} with status ${status} has the headers of every response`, async () => {
    await using app = await openApp({
      allowedOrigins: [ORIGIN],
      appName: "lesson",
      appVersion: "2.1",
    });
    const { path, tag } = await createTask(app);
    const [method, target] = send.replace("PATH", path).split(" ");
    const id = `${status}-is.my_id=`;
    using _broken = broken ? breakStore(fail()) : undefined;

    const response = await app.fetch(target!, {
      method: method!,
      ...(body !== undefined && { body }),
      headers: {
        ...JSON_TYPE,
        ...headers,
        ...(headers?.["If-None-Match"] && { "If-None-Match": tag }),
        "X-Request-Id": id,
      },
    });
    await response.body?.cancel();

    assertEquals(response.status, status);
    assertEquals(response.headers.get("X-Request-Id"), id);
    assertEquals(response.headers.get("X-Handled-By"), "lesson");
    assertEquals(response.headers.get("X-App-Version"), "2.1");
    const time = response.headers.get("X-Process-Time")!;
    assertMatch(time, /^\d+\.\d\dms$/);
    assertEquals(
      response.headers.get("Server-Timing"),
      `total;dur=${time.slice(0, -2)}`,
    );
    assert(varyOf(response).includes("origin"));
    const [line] = app.log.filter(({ requestId, message }) =>
      requestId === id && message === "request"
    );
    assertEquals(line?.status, status);
  });
}

const REQUEST_IDS: [sent: string, kept: boolean][] = [
  ["a", true],
  ["A-Za-z_0.9=", true],
  ["x".repeat(128), true],
  ["x".repeat(129), false],
  ["", false],
  ["a b", false],
  ["a,b", false],
  ["a\tb", false],
  ["\u00e9", false],
  ['{"a":1}', false],
];

for (const [sent, kept] of REQUEST_IDS) {
  Deno.test(
    `the X-Request-Id ${JSON.stringify(sent).slice(0, 20)} is ${
      kept ? "kept" : "replaced"
    }`,
    async () => {
      await using app = await openApp();

      const response = await app.fetch("/nope", {
        headers: { "X-Request-Id": sent },
      });

      const id = response.headers.get("X-Request-Id")!;
      assertMatch(id, /^[A-Za-z0-9_.=-]{1,128}$/);
      assertEquals(id === sent, kept);
      assertEquals(app.log[0]?.requestId, id);
      await assertProblem(response, 404, "not-found");
    },
  );
}

// Across origins

const ALLOWED_HEADERS = [
  "authorization",
  "content-type",
  "idempotency-key",
  "if-match",
  "if-none-match",
  "last-event-id",
  "traceparent",
  "tracestate",
  "x-request-id",
];
const EXPOSED_HEADERS = [
  "etag",
  "link",
  "location",
  "ratelimit",
  "ratelimit-policy",
  "retry-after",
  "server-timing",
  "x-app-version",
  "x-handled-by",
  "x-process-time",
  "x-request-id",
];

function listOf(response: Response, name: string): string[] | undefined {
  return response.headers.get(name)?.toLowerCase().split(/, */).sort();
}

const ORIGINS: [origin: string | undefined, allowed: boolean][] = [
  [ORIGIN, true],
  ["https://x.app.example.com", false],
  ["https://evil.example.com", false],
  ["https://app.example.com.evil.example.com", false],
  ["https://evilapp.example.com", false],
  ["http://app.example.com", false],
  ["https://app.example.com:8443", false],
  ["https://APP.example.com", false],
  ["http://localhost:8000", false],
  ["null", false],
  [undefined, false],
];

const ACTUAL: [name: string, path: string, init: RequestInit][] = [
  ["GET", "/ping", {}],
  ["HEAD", "/ping", { method: "HEAD" }],
  ["POST", "/tasks", {
    method: "POST",
    headers: JSON_TYPE,
    body: '{"title":"Write"}',
  }],
  ["404", "/nope", {}],
  ["405", "/ping", { method: "PATCH" }],
  ["422", "/tasks?x=1", {}],
  ["500", NOWHERE, {}],
];

for (const [origin, allowed] of ORIGINS) {
  for (const [name, path, init] of ACTUAL) {
    Deno.test(
      `${name} from the origin ${origin} is ${
        allowed ? "readable" : "not readable"
      }`,
      async () => {
        await using app = await openApp({ allowedOrigins: [ORIGIN] });
        using _broken = name === "500" ? breakStore(fail()) : undefined;

        const response = await app.fetch(path, {
          ...init,
          headers: { ...init.headers, ...(origin && { "Origin": origin }) },
        });
        await response.body?.cancel();

        if (/\d/.test(name)) assertEquals(String(response.status), name);
        assertEquals(varyOf(response), ["origin"]);
        const expected = allowed ? ORIGIN : null;
        const { headers } = response;
        assertEquals(headers.get("Access-Control-Allow-Origin"), expected);
        assertEquals(headers.get("Timing-Allow-Origin"), expected);
        assertEquals(
          listOf(response, "Access-Control-Expose-Headers"),
          allowed ? EXPOSED_HEADERS : undefined,
        );
        assertEquals(headers.get("Access-Control-Allow-Credentials"), null);
      },
    );
  }

  Deno.test(
    `a preflight from the origin ${origin} ${allowed ? "passes" : "fails"}`,
    async () => {
      await using app = await openApp({ allowedOrigins: [ORIGIN] });

      const response = await app.fetch("/tasks", {
        method: "OPTIONS",
        headers: {
          ...(origin && { "Origin": origin }),
          "Access-Control-Request-Method": "PATCH",
          "Access-Control-Request-Headers": ALLOWED_HEADERS.join(),
        },
      });

      assertEquals(response.body, null);
      assertEquals(response.status, allowed || !origin ? 204 : 403);
      assertEquals(varyOf(response), [
        "origin",
        "access-control-request-method",
        "access-control-request-headers",
      ]);
      assertEquals(
        response.headers.get("Access-Control-Allow-Origin"),
        allowed ? ORIGIN : null,
      );
      assertEquals(
        listOf(response, "Access-Control-Allow-Headers"),
        allowed ? ALLOWED_HEADERS : undefined,
      );
      assertEquals(
        listOf(response, "Access-Control-Allow-Methods"),
        allowed ? ["delete", "get", "head", "patch", "post"] : undefined,
      );
    },
  );
}

const PREFLIGHTS: [method: string, headers: string, status: number][] = [
  ["GET", "", 204],
  ["POST", "content-type", 204],
  ["PATCH", "content-type,if-match", 204],
  ["DELETE", "if-match", 204],
  ["PUT", "", 403],
  ["patch", "", 403],
  ["PATCH", "x-other", 403],
];

for (const [method, headers, status] of PREFLIGHTS) {
  Deno.test(`a preflight for ${method} with "${headers}" responds with ${status}, on a path that is not there too`, async () => {
    await using app = await openApp({ allowedOrigins: [ORIGIN] });

    for (const path of ["/tasks", "/nope"]) {
      const response = await app.fetch(path, {
        method: "OPTIONS",
        headers: {
          "Origin": ORIGIN,
          "Access-Control-Request-Method": method,
          ...(headers && { "Access-Control-Request-Headers": headers }),
        },
      });
      assertEquals(response.status, status);
    }
  });
}

// Errors

Deno.test("a 500 has the request id and no details; the log has the error once", async () => {
  await using app = await openApp();
  const { path } = await createTask(app);
  const cause = new Error("the cause of the cause");
  using _broken = breakStore(
    fail(new RangeError("the secret cause", { cause })),
  );

  const response = await app.fetch(path);
  const text = await response.clone().text();

  await assertProblem(response, 500, "internal-error");
  for (const secret of ["secret", "cause", "RangeError", ".ts"]) {
    assertEquals(text.includes(secret), false, text);
  }
  const id = response.headers.get("X-Request-Id")!;
  const [error, line, ...more] = app.log.slice(1);
  assertEquals(more, []);
  assertEquals(error?.level, "error");
  assertEquals([error?.requestId, line?.requestId], [id, id]);
  assertStringIncludes(String(error?.error), "RangeError: the secret cause");
  assertStringIncludes(String(error?.error), "the cause of the cause");
  assertEquals([line?.level, line?.message, line?.status], [
    "error",
    "request",
    500,
  ]);
});

Deno.test("a store that fails gets 503 and Retry-After", async () => {
  await using app = await openApp();
  const { path } = await createTask(app);
  using _broken = breakStore(
    fail(new TypeError("database disk image is malformed")),
  );

  for (const target of [path, "/readyz", "/tasks/events"]) {
    const response = await app.fetch(target);
    assertMatch(response.headers.get("Retry-After")!, /^\d+$/, target);
    await assertProblem(response, 503, "unavailable");
  }
  assertEquals((await app.fetch("/healthz")).status, 200);
});

Deno.test("a store that does not respond in time gets 503", async () => {
  await using app = await openApp({ storeTimeoutMs: 10 });
  using _silent = breakStore(() => new Promise(() => {}));

  for (const target of [NOWHERE, "/readyz", "/tasks/events"]) {
    const response = await app.fetch(target);
    assertMatch(response.headers.get("Retry-After")!, /^\d+$/);
    await assertProblem(response, 503, "unavailable");
  }
});

// Limits

const LIMITS: [bytes: number, status: number][] = [[20, 201], [21, 413]];

for (const [bytes, status] of LIMITS) {
  Deno.test(`with a limit of 20 bytes, a request gets ${status} for a body of ${bytes}, however it is sent`, async () => {
    await using app = await openApp({ bodyLimit: 20 });
    const body = '{"title":"Write"}'.padEnd(bytes);

    const announced = await app.send("POST", "/tasks", body, {
      "Content-Length": String(bytes),
    });
    const streamed = await app.fetch("/tasks", {
      method: "POST",
      headers: JSON_TYPE,
      body: ReadableStream.from([body]).pipeThrough(new TextEncoderStream()),
    });

    for (const response of [announced, streamed]) {
      assertEquals(response.status, status);
      if (status === 413) await assertProblem(response, 413, "body-too-large");
    }
  });
}

Deno.test("a body that does not arrive in time gets 408, and is released", async () => {
  await using app = await openApp({ requestTimeoutMs: 10 });
  const cancelled = Promise.withResolvers<unknown>();

  const response = await app.fetch("/tasks", {
    method: "POST",
    headers: JSON_TYPE,
    body: new ReadableStream({
      start: (controller) => controller.enqueue(new Uint8Array(1)),
      cancel: cancelled.resolve,
    }),
  });

  await assertProblem(response, 408, "request-timeout");
  await cancelled.promise;
});

Deno.test("a response that takes too long becomes 504", async () => {
  await using app = await openApp({ requestTimeoutMs: 10 });
  const late = Promise.withResolvers<unknown>();
  using _late = stub(
    // deno-lint-ignore no-explicit-any
    Deno.Kv.prototype as any,
    "get",
    () => late.promise,
  );

  const response = await app.fetch(NOWHERE);
  late.resolve({ value: null, versionstamp: null });

  await assertProblem(response, 504, "deadline-passed");
});

function clientAt(hostname: string): Deno.ServeHandlerInfo {
  return {
    remoteAddr: { transport: "tcp", hostname, port: 1 },
    completed: Promise.resolve(),
  };
}

Deno.test("a rate limit responds with 429 and its headers to the client over the limit, and to no other", async () => {
  await using app = await createApp({
    config: {
      rateLimit: { requests: 2, seconds: 60 },
      allowedOrigins: [ORIGIN],
    },
  });
  function fetch(hostname: string, init?: RequestInit): Promise<Response> {
    const request = new Request("http://localhost:8000/ping", init);
    return app.fetch(request, clientAt(hostname));
  }

  for (const left of [1, 0]) {
    const response = await fetch("192.0.2.1");
    assertEquals(response.status, 200);
    assertMatch(
      response.headers.get("RateLimit")!,
      new RegExp(`^"default";r=${left};t=\\d+$`),
    );
    assertEquals(
      response.headers.get("RateLimit-Policy"),
      '"default";q=2;w=60',
    );
    await response.body?.cancel();
  }
  const headers = { "Origin": ORIGIN };
  const refused = await fetch("192.0.2.1", { headers });
  const preflight = await fetch("192.0.2.1", {
    method: "OPTIONS",
    headers: PREFLIGHT,
  });
  const other = await fetch("192.0.2.2");

  assertMatch(refused.headers.get("Retry-After")!, /^[1-9]\d*$/);
  assertMatch(refused.headers.get("RateLimit")!, /^"default";r=0;t=\d+$/);
  assertEquals(refused.headers.get("RateLimit-Policy"), '"default";q=2;w=60');
  assertEquals(refused.headers.get("Access-Control-Allow-Origin"), ORIGIN);
  await assertProblem(refused, 429, "too-many-requests");
  assertEquals([preflight.status, other.status], [204, 200]);
});

Deno.test("a rate limit sets its headers on errors, and does not limit health checks", async () => {
  await using app = await openApp({
    rateLimit: { requests: 3, seconds: 60 },
  });

  const refused = [
    await app.fetch("/nope"),
    await app.fetch("/ping", { method: "PUT" }),
    await app.send("POST", "/tasks", {}),
  ];
  const limited = await app.fetch("/ping");
  const healthy = [await app.fetch("/healthz"), await app.fetch("/readyz")];

  assertEquals(
    refused.map(({ status, headers }) => [
      status,
      headers.get("RateLimit")?.slice(0, 13),
    ]),
    [[404, '"default";r=2'], [405, '"default";r=1'], [422, '"default";r=0']],
  );
  await assertProblem(limited, 429, "too-many-requests");
  assertEquals(healthy.map(({ status }) => status), [200, 200]);
  for (const { body } of [...refused, ...healthy]) await body?.cancel();
});

Deno.test("behind a proxy, a rate limit counts by the address that the proxy appended, and ignores others", async () => {
  await using app = await createApp({
    config: { rateLimit: { requests: 1, seconds: 60 }, proxyHops: 1 },
  });
  async function statusFor(forwarded: string): Promise<number> {
    const headers = { "X-Forwarded-For": forwarded };
    const request = new Request("http://localhost:8000/ping", { headers });
    const response = await app.fetch(request, clientAt("127.0.0.1"));
    await response.body?.cancel();
    return response.status;
  }

  assertEquals(await statusFor("203.0.113.7"), 200);
  assertEquals(await statusFor("203.0.113.8"), 200);
  assertEquals(await statusFor("203.0.113.9, 203.0.113.7"), 429);
});

for (const logClient of [true, false]) {
  Deno.test(`with LOG_CLIENT=${logClient}, the log ${logClient ? "has" : "does not have"} the client's address`, async () => {
    const clients: unknown[] = [];
    await using app = await createApp({
      config: { logClient, proxyHops: 1 },
      log: (_level, _message, fields) => clients.push(fields?.["client"]),
    });
    const headers = { "X-Forwarded-For": "203.0.113.7" };
    const request = new Request("http://localhost:8000/ping", { headers });

    const response = await app.fetch(request, clientAt("127.0.0.1"));
    await response.body?.cancel();

    assertEquals(clients, [logClient ? "203.0.113.7" : undefined]);
  });
}

async function hashOf(token: string): Promise<string> {
  const bytes = new TextEncoder().encode(token);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}

const TOKENS: [authorization: string | undefined, challenge: string | null][] =
  [
    ["Bearer one", null],
    ["bearer two", null],
    ["Bearer three", 'Bearer error="invalid_token"'],
    ["Bearer ONE", 'Bearer error="invalid_token"'],
    ["Basic b25lOg==", "Bearer"],
    ["Bearer", "Bearer"],
    ["one", "Bearer"],
    [undefined, "Bearer"],
  ];

for (const [authorization, challenge] of TOKENS) {
  Deno.test(
    `where tokens are asked for, Authorization: ${authorization} responds with ${
      challenge ? 401 : 200
    }`,
    async () => {
      await using app = await openApp({
        apiTokens: [await hashOf("one"), await hashOf("two")],
      });

      const response = await app.fetch("/tasks", {
        headers: authorization ? { "Authorization": authorization } : {},
      });

      assertEquals(response.headers.get("WWW-Authenticate"), challenge);
      if (challenge) await assertProblem(response, 401, "unauthorized");
      else assertEquals(response.status, 200);
      assertEquals(JSON.stringify(app.log).includes("Bearer"), false);
    },
  );
}

const OPEN = [
  "/",
  "/ping",
  "/healthz",
  "/readyz",
  "/docs",
  "/openapi.json",
  "/problems/unauthorized",
];
const GUARDED = ["/tasks", "/tasks/1", "/tasks/events", "/ping/", "/nope"];

Deno.test("where tokens are required, only health, ping and docs stay open", async () => {
  await using app = await openApp({ apiTokens: [await hashOf("one")] });

  for (const path of OPEN) {
    const response = await app.fetch(path);
    await response.body?.cancel();
    assertEquals(response.status, 200, path);
  }
  for (const path of GUARDED) {
    await assertProblem(await app.fetch(path), 401, "unauthorized");
  }
});

Deno.test("where tokens are required, a page of an allowed origin can read the 401, and its preflight passes", async () => {
  await using app = await openApp({
    apiTokens: [await hashOf("one")],
    allowedOrigins: [ORIGIN],
  });

  const refused = await app.fetch("/tasks", { headers: { "Origin": ORIGIN } });
  const preflight = await app.fetch("/tasks", {
    method: "OPTIONS",
    headers: PREFLIGHT,
  });

  assertEquals(refused.headers.get("Access-Control-Allow-Origin"), ORIGIN);
  await assertProblem(refused, 401, "unauthorized");
  assertEquals(preflight.status, 204);
});

// The log

Deno.test("the log has one line a request, without query, body and secrets", async () => {
  await using app = await openApp({ allowedOrigins: [ORIGIN] });
  const { path } = await createTask(app);

  await app.fetch(`${path}?secret=1`, {
    headers: {
      "Authorization": "Bearer secret",
      "Origin": ORIGIN,
      "X-Request-Id": "me",
    },
  });
  await app.send("POST", "/tasks", { title: "secret" });
  await app.fetch("/nope");
  await app.fetch("/tasks", { method: "OPTIONS", headers: PREFLIGHT });

  assertEquals(JSON.stringify(app.log).includes("secret"), false);
  const lines = app.log.slice(1).map(({ durationMs, ...line }) => {
    assertEquals(typeof durationMs, "number");
    return line;
  });
  assertEquals(lines[0], {
    level: "info",
    message: "request",
    requestId: "me",
    client: undefined,
    method: "GET",
    path,
    route: "/tasks/:id",
    status: 200,
    cors: "allowed",
    corsReason: undefined,
  });
  assertEquals(
    lines.map(({ method, route, status, cors }) => [
      method,
      route,
      status,
      cors,
    ]),
    [
      ["GET", "/tasks/:id", 200, "allowed"],
      ["POST", "/tasks", 201, undefined],
      ["GET", undefined, 404, undefined],
      ["OPTIONS", undefined, 204, "preflight allowed"],
    ],
  );
});

Deno.test("the log has the reason for which CORS rejected a request", async () => {
  await using app = await openApp({ allowedOrigins: [ORIGIN] });
  const ask = (origin: string, headers?: HeadersInit): Promise<Response> =>
    app.fetch("/tasks", {
      method: headers ? "OPTIONS" : "POST",
      headers: { Origin: origin, ...headers },
    });

  await ask("https://evil.example");
  await ask(ORIGIN, { "Access-Control-Request-Method": "PUT" });
  await ask(ORIGIN, {
    "Access-Control-Request-Method": "GET",
    "Access-Control-Request-Headers": "x-lesson",
  });
  await ask("https://localhost:8000", { Host: "localhost:8000" });

  assertEquals(
    app.log.filter(({ message }) => message === "request")
      .map(({ cors, corsReason }) => [cors, corsReason]),
    [
      ["refused", "origin"],
      ["preflight refused", "method PUT"],
      ["preflight refused", "header x-lesson"],
      [undefined, undefined],
    ],
  );
});

const LEVELS: [path: string, level: string][] = [
  ["/healthz", "debug"],
  ["/readyz", "debug"],
  ["/ping", "info"],
  ["/nope", "info"],
];

for (const [path, level] of LEVELS) {
  Deno.test(`GET ${path} is logged at ${level}`, async () => {
    await using app = await openApp();

    await (await app.fetch(path)).body?.cancel();

    assertEquals(app.log.map((line) => line.level), [level]);
  });
}

// Health

Deno.test("GET /ping, /healthz and /readyz respond", async () => {
  await using app = await openApp();
  const paths: [path: string, body: unknown, cache: string][] = [
    ["/ping", { ok: true }, "no-cache"],
    ["/healthz", { status: "ok" }, "no-store"],
    ["/readyz", { status: "ok" }, "no-store"],
  ];

  for (const [path, body, cache] of paths) {
    const response = await app.fetch(path);
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("Cache-Control"), cache);
    assertEquals(await response.json(), body);
  }
});

Deno.test("GET /readyz responds with 503 once the app begins to stop, while other routes still work", async () => {
  await using app = await openApp();
  assertEquals((await app.fetch("/readyz")).status, 200);

  app.stop();

  const response = await app.fetch("/readyz");
  assertEquals(response.headers.get("Retry-After"), "1");
  assertEquals(response.headers.get("Cache-Control"), "no-store");
  await assertProblem(response, 503, "unavailable");
  assertEquals((await app.fetch("/healthz")).status, 200);
  assertEquals((await app.fetch("/tasks")).status, 200);
  await createTask(app);
});

Deno.test("GET /playground exists in development only", async () => {
  await using production = await openApp();
  await using development = await openApp({ appMode: "development" });

  await assertProblem(await production.fetch("/playground"), 404, "not-found");
  const response = await development.fetch("/playground");
  await response.body?.cancel();
  assertEquals(response.status, 200);
});

Deno.test("createApp() gives each app its own store, in memory", async () => {
  await using one = await openApp();
  await using two = await openApp({} satisfies Partial<Config>);

  const { path } = await createTask(one);

  assertEquals((await one.fetch(path)).status, 200);
  assertEquals((await two.fetch(path)).status, 404);
});
