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
  type Params,
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

/** Which route a path finds, and with which parameters. */
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
    // A segment that is written out goes first, and a parameter is the way back.
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
  ["/%70ing"],
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
  Deno.test(`router() answers 404 for ${path.slice(0, 30)} of ${path.length}`, async () => {
    const request = get(path);

    const problem = await assertRejects(
      () => router(echoes(PATHS))(request),
      Problem,
    );

    assertEquals(problem.type, "not-found");
    assertEquals(
      problem.message,
      `Nothing is at "${shown}": /docs lists what is here`,
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
  Deno.test(`router() answers 400 for ${path}`, async () => {
    const problem = await assertRejects(
      () => router(echoes(PATHS))(get(path)),
      Problem,
      'Cannot read the parameter "id" in the path: a percent escape is broken',
    );

    assertEquals(problem.type, "invalid-path");
  });
}

/** RFC 9110, 9.3 and 15.5.6: what is there, what is asked, and what that gives. */
const METHODS: [
  has: Method[],
  asked: string,
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

for (const [has, asked, status, allow] of METHODS) {
  Deno.test(`router() answers ${asked} with ${status} where ${has.join(", ")} is`, async () => {
    const answer = spy(() => new Response());
    const serve = router(
      has.map((method) => route(`${method} /a/:id`, answer)),
    );
    const request = new Request("http://localhost/a/1", { method: asked });

    const { status: got, headers } = await serve(request).catch((error) => {
      assertEquals(error.type, "method-not-allowed");
      assertEquals(error.message, `/a/:id answers ${allow}`);
      return error.toResponse("");
    });

    assertEquals(got, status);
    assertEquals(headers.get?.("Allow"), allow ?? null);
    assertEquals(requestState(request).route, "/a/:id");
    assertSpyCalls(answer, status === 200 ? 1 : 0);
  });
}

Deno.test("router() answers 404 to OPTIONS where nothing is", async () => {
  const request = new Request("http://localhost/a", { method: "OPTIONS" });

  await assertRejects(() => router([])(request), Problem, 'Nothing is at "/a"');
});

Deno.test("router() answers OPTIONS without a body", async () => {
  const request = new Request("http://localhost/ping", { method: "OPTIONS" });

  const response = await router(echoes(PATHS))(request);

  assertEquals(response.body, null);
});

Deno.test("router() says which route gave no response", async () => {
  const serve = router([route("GET /a/:id", () => undefined as never)]);

  await assertRejects(
    () => serve(new Request("http://localhost/a/1")),
    TypeError,
    'Cannot use what "GET /a/:id" answered',
  );
});

Deno.test("router() answers OPTIONS for the whole server", async () => {
  const request = new Request("http://localhost/*", { method: "OPTIONS" });

  assertEquals((await router([])(request)).status, 204);
});

const HEADS: [name: string, get: () => Response, length: string | null][] = [
  ["a text", () => new Response("hellö"), "6"],
  ["JSON", () => Response.json({ ok: true }), "11"],
  // In place of a stream without end.
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
  Deno.test(`router() answers HEAD with the status and headers of GET, for ${name}`, async () => {
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

Deno.test("router() tells the route that it was HEAD", async () => {
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

Deno.test("router() gives the route the very request", async () => {
  const answer = spy((_request: Request): Response => new Response());
  const request = get("/a");

  await router([route("GET /a", answer)])(request);

  assertStrictEquals(answer.calls[0]?.args[0], request);
});

Deno.test("router() lets the error of a route pass as the same object", async () => {
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
  Deno.test(`router() refuses ${second} beside ${first}`, () => {
    assertThrows(
      () => router(echoes([first, second])),
      TypeError,
      `Cannot add the route "GET ${second}": "${first}" is there already`,
    );
  });
}

Deno.test("router() refuses another name for a parameter of another method", () => {
  assertThrows(
    () =>
      router([
        route("GET /tasks/:id", () => new Response()),
        route("PATCH /tasks/:task", () => new Response()),
      ]),
    TypeError,
    'Cannot add the route "PATCH /tasks/:task": "/tasks/:id" is there already',
  );
});

Deno.test("router() finds its way among 10,000 routes, in any order", async () => {
  const paths = Array.from({ length: 10_000 }, (_, index) => `/${index}/:id`);
  const serve = router(echoes(paths.reverse()));

  const response = await serve(get("/9999/a"));

  assertEquals(await response.json(), {
    path: "/9999/:id",
    params: { id: "a" },
  });
});

Deno.test("router() keeps requests apart that come at the same time", async () => {
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

Deno.test("route() knows the names of its parameters when it is compiled", () => {
  const none: Params<"/tasks"> = {};
  const one: Params<"/tasks/:id"> = { id: "1" };
  const two: Params<"/tasks/:id/notes/:note"> = { id: "1", note: "2" };
  // @ts-expect-error There is no such parameter.
  const typo = route("GET /tasks/:id", (_, { idd }) => new Response(idd));
  // @ts-expect-error There is no such method.
  const method = route("HEAD /tasks", () => new Response());

  assertEquals([none, one, two].length, 3);
  assertEquals([typo, method].map(({ path }) => path), [
    "/tasks/:id",
    "/tasks",
  ]);
});

/** Routes that answer with their path and what they were given. */
function echoes(paths: string[]): Route[] {
  return paths.map((path) =>
    route(
      `GET ${path as `/${string}`}`,
      (_request, params) => Response.json({ path, params }),
    )
  );
}

/** A request whose path is as a server hands it on, and no constructor mends it. */
function get(path: string): Request {
  return Object.defineProperty(new Request("http://localhost/"), "url", {
    value: `http://localhost${path}`,
  });
}
