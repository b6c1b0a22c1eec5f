import {
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { Problem } from "../../http/problem.ts";
import { requestState } from "../../http/request_state.ts";
import {
  type Method,
  open,
  openRequests,
  type Route,
  route,
  router,
} from "../../routes/router.ts";

const PATHS = [
  "/",
  "/ping",
  "/tasks",
  "/tasks/:id",
  "/tasks/events",
  "/tasks/:id/notes/:note",
  "/tasks/events/log",
  "/files/",
  "/:a/:b/:c/:d",
  "/constructor",
];

/** The route that a path finds, and its parameters. */
const FOUND: [path: string, route: string, params?: Record<string, string>][] =
  [
    ["/", "/"],
    ["", "/"],
    ["/?a=/ping", "/"],
    ["/ping", "/ping"],
    ["/ping?", "/ping"],
    ["/tasks", "/tasks"],
    ["/tasks/1", "/tasks/:id", { id: "1" }],
    ["/tasks/1?id=2", "/tasks/:id", { id: "1" }],
    ["/files/", "/files/"],
    ["/constructor", "/constructor"],
    // A literal segment goes first, then a parameter.
    ["/tasks/events", "/tasks/events"],
    ["/tasks/events/log", "/tasks/events/log"],
    ["/tasks/events/notes/2", "/tasks/:id/notes/:note", {
      id: "events",
      note: "2",
    }],
    ["/tasks/1/2/3", "/:a/:b/:c/:d", { a: "tasks", b: "1", c: "2", d: "3" }],
    ["/tasks/events/log/3", "/:a/:b/:c/:d", {
      a: "tasks",
      b: "events",
      c: "log",
      d: "3",
    }],
    // RFC 3986, 6.2.2.2: an escape of an unreserved character is the character.
    ["/%74asks", "/tasks"],
    ["/t%61sks/%65vents", "/tasks/events"],
    ["/tasks/%7E%2d%2E%5f%30%5A", "/tasks/:id", { id: "~-._0Z" }],
    ["/tasks/%2574", "/tasks/:id", { id: "%74" }],
    ["/tasks/%3Aid", "/tasks/:id", { id: ":id" }],
    // A parameter is decoded once, after the path was split.
    ["/tasks/J%C3%BCrg", "/tasks/:id", { id: "Jürg" }],
    ["/tasks/Jürg", "/tasks/:id", { id: "Jürg" }],
    ["/tasks/a%2Fb", "/tasks/:id", { id: "a/b" }],
    ["/tasks/%2525", "/tasks/:id", { id: "%25" }],
    ["/tasks/a%3Fb%23c", "/tasks/:id", { id: "a?b#c" }],
    ["/tasks/%00", "/tasks/:id", { id: "\0" }],
    ["/tasks/a+b", "/tasks/:id", { id: "a+b" }],
    ["/tasks/:id", "/tasks/:id", { id: ":id" }],
    ["/tasks/__proto__", "/tasks/:id", { id: "__proto__" }],
    ["/tasks/constructor", "/tasks/:id", { id: "constructor" }],
    ["/tasks/1/notes/%F0%9F%98%80", "/tasks/:id/notes/:note", {
      id: "1",
      note: "😀",
    }],
  ];

for (const [path, found, params = {}] of FOUND) {
  Deno.test(`router() finds ${found} at "${path}"`, async () => {
    const request = get(path);

    const response = await router(echoes(PATHS))(request);

    assertEquals(await response.json(), { path: found, params });
    assertEquals(requestState(request).route, found);
  });
}

const MISSING: [path: string, shown?: string][] = [
  ["/pin"],
  ["/pingg"],
  ["/PING"],
  ["/%50ing", "/Ping"],
  ["/%2570ing"],
  ["/tasks%2F"],
  ["/ping/"],
  ["//ping"],
  ["//"],
  ["/tasks/"],
  ["/tasks//notes/1"],
  ["/tasks/1/notes/"],
  ["/tasks/1/notes"],
  ["/files"],
  ["/__proto__"],
  ["/toString"],
  ["/hasOwnProperty"],
  ["/a/b/c/d/e"],
  ["/*"],
  [`/${"a".repeat(99)}`],
  [`/${"a".repeat(60_000)}`, `/${"a".repeat(99)}…`],
  ["/a".repeat(30_000), `${"/a".repeat(50)}…`],
];

for (const [path, shown = path] of MISSING) {
  Deno.test(`router() responds with 404 for ${path.slice(0, 30)} of ${path.length}`, async () => {
    const request = get(path);

    const problem = await assertRejects(
      () => router(echoes(PATHS))(request),
      Problem,
    );

    assertEquals(problem.type, "not-found");
    assertEquals(
      problem.message,
      `No route matches "${shown}": /docs lists all routes`,
    );
    assertEquals(requestState(request).route, "");
  });
}

const BROKEN = [
  "/tasks/%",
  "/tasks/%1",
  "/tasks/%zz",
  "/tasks/%ff",
  "/tasks/%C3",
  "/tasks/%ED%A0%80",
];

for (const path of BROKEN) {
  Deno.test(`router() responds with 400 for ${path}`, async () => {
    const problem = await assertRejects(
      () => router(echoes(PATHS))(get(path)),
      Problem,
      'Invalid percent-encoding in the path parameter "id"',
    );

    assertEquals(problem.type, "invalid-path");
  });
}

/** RFC 9110, 9.3 and 15.5.6: the routes of a path, a method, and its response. */
const METHODS: [
  has: Method[],
  method: string,
  status: number,
  allow?: string,
][] = [
  [["GET"], "GET", 200],
  [["GET"], "HEAD", 200],
  [["GET"], "OPTIONS", 204, "GET, HEAD, OPTIONS"],
  [["GET"], "POST", 405, "GET, HEAD, OPTIONS"],
  [["POST"], "POST", 200],
  [["POST"], "GET", 405, "OPTIONS, POST"],
  [["POST"], "HEAD", 405, "OPTIONS, POST"],
  [["POST"], "OPTIONS", 204, "OPTIONS, POST"],
  [["PUT", "PATCH", "DELETE"], "PATCH", 200],
  [["PUT", "PATCH", "DELETE"], "GET", 405, "DELETE, OPTIONS, PATCH, PUT"],
  [["GET", "PATCH"], "patch", 405, "GET, HEAD, OPTIONS, PATCH"],
  [["GET"], "QUERY", 405, "GET, HEAD, OPTIONS"],
  [["GET"], "constructor", 405, "GET, HEAD, OPTIONS"],
];

for (const [has, method, status, allow] of METHODS) {
  Deno.test(`router() responds to ${method} with ${status} if there is ${has.join(", ")}`, async () => {
    const handler = spy(() => new Response());
    const serve = router(
      has.map((method) => route(`${method} /a/:id`, handler)),
    );
    const request = new Request("http://localhost/a/1", { method });

    const { status: got, headers } = await serve(request).catch((error) => {
      assertEquals(error.type, "method-not-allowed");
      assertEquals(error.message, `/a/:id allows ${allow}`);
      return error.toResponse("");
    });

    assertEquals(got, status);
    assertEquals(headers.get?.("Allow"), allow ?? null);
    assertEquals(requestState(request).route, "/a/:id");
    assertSpyCalls(handler, status === 200 ? 1 : 0);
  });
}

Deno.test("router() responds with 404 to OPTIONS of an unknown path", async () => {
  const request = new Request("http://localhost/a", { method: "OPTIONS" });

  await assertRejects(
    () => router([])(request),
    Problem,
    'No route matches "/a"',
  );
});

Deno.test("router() responds to OPTIONS of a path with PATCH with Accept-Patch", async () => {
  const serve = router([
    route("PATCH /a", () => new Response()),
    route("POST /b", () => new Response()),
  ]);
  const options = { method: "OPTIONS" };

  const a = await serve(new Request("http://localhost/a", options));
  const b = await serve(new Request("http://localhost/b", options));

  assertEquals(
    a.headers.get("Accept-Patch"),
    "application/merge-patch+json, application/json",
  );
  assertEquals(b.headers.get("Accept-Patch"), null);
});

/** What needs no token, of open routes beside guarded ones. */
const OPEN: [request: string, isOpen: boolean][] = [
  ["GET /ping", true],
  ["GET /ping?a=b", true],
  ["GET /%70ing", true],
  ["HEAD /ping", true],
  ["OPTIONS /ping", true],
  ["POST /ping", true],
  ["GET /pages/1", true],
  // A guarded route takes precedence over an open one, as in the router.
  ["GET /pages/secret", false],
  // A path with both kinds is open for its open methods only.
  ["GET /both", true],
  ["HEAD /both", true],
  ["POST /both", false],
  ["OPTIONS /both", false],
  ["PUT /both", false],
  ["GET /tasks", false],
  ["GET /ping/", false],
  ["GET //ping", false],
  ["GET /PING", false],
  ["GET /nowhere", false],
  ["OPTIONS /*", false],
];

for (const [asked, expected] of OPEN) {
  Deno.test(`openRequests() ${expected ? "includes" : "excludes"} ${asked}`, () => {
    const [method, path] = asked.split(" ") as [string, string];
    const respond = (): Response => new Response();
    const isOpen = openRequests([
      ...open([
        route("GET /ping", respond),
        route("GET /both", respond),
        route("GET /pages/:id", respond),
      ]),
      route("POST /both", respond),
      route("GET /pages/secret", respond),
      route("GET /tasks", respond),
    ]);

    assertEquals(isOpen(get(path, method)), expected);
  });
}

Deno.test("router() responds to OPTIONS without a body", async () => {
  const request = new Request("http://localhost/ping", { method: "OPTIONS" });

  const response = await router(echoes(PATHS))(request);

  assertEquals(response.body, null);
});

Deno.test("router() names the route that returns no response", async () => {
  const serve = router([route("GET /a/:id", () => undefined as never)]);

  await assertRejects(
    () => serve(new Request("http://localhost/a/1")),
    TypeError,
    'Expected a Response from "GET /a/:id"',
  );
});

Deno.test("router() responds to OPTIONS of the whole server", async () => {
  const request = new Request("http://localhost/*", { method: "OPTIONS" });

  assertEquals((await router([])(request)).status, 204);
});

const HEADS: [name: string, get: () => Response, length: string | null][] = [
  ["a text", () => new Response("hellö"), "6"],
  ["JSON", () => Response.json({ ok: true }), "11"],
  // In place of an endless stream.
  ["an empty text", () => new Response(""), null],
  ["no body", () => new Response(), null],
  ["a 304", () => new Response(null, { status: 304 }), null],
  [
    "a stream",
    () => new Response(ReadableStream.from([new Uint8Array(7)])),
    "7",
  ],
  ["a redirect", () => Response.redirect("http://localhost/"), null],
];

for (const [name, get, length] of HEADS) {
  Deno.test(`router() responds to HEAD with the status and headers of GET, for ${name}`, async () => {
    const serve = router([
      route("GET /a", () => {
        const response = get();
        if (response.status === 200) response.headers.set("X-A", "1");
        return response;
      }),
    ]);
    const expected = await serve(new Request("http://localhost/a"));

    const response = await serve(
      new Request("http://localhost/a", { method: "HEAD" }),
    );

    assertEquals(response.status, expected.status);
    assertEquals(response.headers.get("Content-Length"), length);
    assertEquals(await response.text(), "");
    if (length !== null) response.headers.delete("Content-Length");
    assertEquals([...response.headers], [...expected.headers]);
    await expected.body?.cancel();
  });
}

Deno.test("router() passes HEAD to the route", async () => {
  const serve = router([
    route(
      "GET /a",
      ({ method }) => new Response(null, { headers: { method } }),
    ),
  ]);

  const { headers } = await serve(
    new Request("http://localhost/a", { method: "HEAD" }),
  );

  assertEquals(headers.get("method"), "HEAD");
});

Deno.test("router() passes the same request to the route", async () => {
  const handler = spy((_request: Request): Response => new Response());
  const request = get("/a");

  await router([route("GET /a", handler)])(request);

  assertStrictEquals(handler.calls[0]?.args[0], request);
});

Deno.test("router() passes the error of a route through unchanged", async () => {
  const error = new RangeError("no");
  const serve = router([
    route("GET /a", () => {
      throw error;
    }),
  ]);

  assertStrictEquals(await serve(get("/a")).catch((thrown) => thrown), error);
});

const CLASHES: [first: string, second: string][] = [
  ["/a", "/a"],
  ["/:a", "/:a"],
  ["/:a", "/:b"],
  ["/a/:b/c", "/a/:x/c"],
];

for (const [first, second] of CLASHES) {
  Deno.test(`router() rejects ${second} beside ${first}`, () => {
    assertThrows(
      () => router(echoes([first, second])),
      TypeError,
      `Cannot add the route "GET ${second}": it collides with "${first}"`,
    );
  });
}

Deno.test("router() rejects another name for a parameter of another method", () => {
  assertThrows(
    () =>
      router([
        route("GET /tasks/:id", () => new Response()),
        route("PATCH /tasks/:task", () => new Response()),
      ]),
    TypeError,
    'Cannot add the route "PATCH /tasks/:task": it collides with "/tasks/:id"',
  );
});

Deno.test("router() finds one of 10,000 routes, in any order", async () => {
  const paths = Array.from({ length: 10_000 }, (_, index) => `/${index}/:id`);
  const serve = router(echoes(paths.reverse()));

  const response = await serve(get("/9999/a"));

  assertEquals(await response.json(), {
    path: "/9999/:id",
    params: { id: "a" },
  });
});

Deno.test("router() keeps concurrent requests apart", async () => {
  const serve = router([
    route("GET /:id", async (_request, { id }) => {
      await Promise.resolve();
      return new Response(id);
    }),
  ]);
  const ids = Array.from({ length: 20 }, (_, index) => `${index}`);

  const responses = await Promise.all(ids.map((id) => serve(get(`/${id}`))));

  assertEquals(await Promise.all(responses.map((each) => each.text())), ids);
});

/** Routes that respond with their path and parameters. */
function echoes(paths: string[]): Route[] {
  return paths.map((path) =>
    route(
      `GET ${path as `/${string}`}`,
      (_request, params) => Response.json({ path, params }),
    )
  );
}

/** A request with a path as Deno.serve passes it, unlike `new Request()`. */
function get(path: string, method = "GET"): Request {
  return Object.defineProperty(
    new Request("http://localhost/", { method }),
    "url",
    { value: `http://localhost${path}` },
  );
}
