import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { spy } from "@std/testing/mock";
import { requestState } from "../../http/request_state.ts";
import { compose, type Middleware } from "../../middleware/compose.ts";
import {
  cors,
  CorsConfigError,
  type CorsOptions,
  originMatcher,
} from "../../middleware/cors.ts";
import { browserFetch } from "../browser_cors.ts";
import { exchange, fieldsOf } from "./_exchange.ts";

const ORIGIN = "https://app.test";
const VARY_ALL =
  "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";
const LIST: CorsOptions = {
  origins: [ORIGIN, "https://*.pages.test"],
  methods: ["PUT"],
  headers: ["Authorization"],
  exposeHeaders: ["X-Total-Count", "ETag", "Content-Type"],
};
const SECRET: CorsOptions = { origins: [ORIGIN], credentials: true };
const ANY: CorsOptions = { origins: "*", exposeHeaders: "*" };

const shared = (origin: string): Record<string, string> => ({
  "access-control-allow-origin": origin,
  "timing-allow-origin": origin,
});
const exposed = { "access-control-expose-headers": "etag,x-total-count" };
const withCredentials = { "access-control-allow-credentials": "true" };
const vary = { vary: "Origin" };
const varyAll = { vary: VARY_ALL };

// All CORS fields of the response: a field that is not listed must be absent.
const ACTUAL: [
  what: string,
  options: CorsOptions,
  method: string,
  headers: Record<string, string>,
  fields: Record<string, string>,
  verdict: string,
][] = [
  ["an allowed origin", LIST, "GET", { Origin: ORIGIN }, {
    ...shared(ORIGIN),
    ...exposed,
    ...vary,
  }, "allowed"],
  ["a subdomain", LIST, "GET", { Origin: "https://a.b.pages.test" }, {
    ...shared("https://a.b.pages.test"),
    ...exposed,
    ...vary,
  }, "allowed"],
  [
    "a refused origin",
    LIST,
    "GET",
    { Origin: "https://evil.test" },
    vary,
    "refused",
  ],
  [
    "a refused origin, with credentials on",
    SECRET,
    "GET",
    {
      Origin: "https://evil.test",
    },
    vary,
    "refused",
  ],
  ["no origin", LIST, "GET", {}, vary, "none"],
  [
    "its own origin",
    LIST,
    "POST",
    { Origin: "https://api.test" },
    vary,
    "none",
  ],
  [
    "its own host, behind a TLS proxy",
    LIST,
    "POST",
    { Origin: "https://shop.test", Host: "shop.test" },
    vary,
    "none",
  ],
  [
    "its own host and port, with another scheme",
    LIST,
    "POST",
    { Origin: "http://shop.test:8080", Host: "shop.test:8080" },
    vary,
    "none",
  ],
  [
    "its own host, whose proxy adds the default port",
    LIST,
    "POST",
    { Origin: "https://shop.test", Host: "shop.test:443" },
    vary,
    "none",
  ],
  [
    "its own host with another port",
    LIST,
    "POST",
    { Origin: "https://shop.test:8443", Host: "shop.test" },
    vary,
    "refused",
  ],
  [
    "an origin that its URL begins with",
    LIST,
    "POST",
    {
      Origin: "https://api.tes",
    },
    vary,
    "refused",
  ],
  ["a scheme", LIST, "POST", { Origin: "https:/" }, vary, "refused"],
  ["the null origin", LIST, "GET", { Origin: "null" }, vary, "refused"],
  ["an empty origin", LIST, "GET", { Origin: "" }, vary, "refused"],
  [
    "two origins",
    LIST,
    "GET",
    {
      Origin: `${ORIGIN}, ${ORIGIN}`,
    },
    vary,
    "refused",
  ],
  [
    "a key of every object",
    LIST,
    "GET",
    { Origin: "constructor" },
    vary,
    "refused",
  ],
  [
    "a key of every object",
    LIST,
    "GET",
    { Origin: "__proto__" },
    vary,
    "refused",
  ],
  [
    "the pattern itself",
    LIST,
    "GET",
    {
      Origin: "https://*.pages.test",
    },
    vary,
    "refused",
  ],
  [
    "a very long origin",
    LIST,
    "GET",
    {
      Origin: `https://${"a.".repeat(30000)}pages.test`,
    },
    vary,
    "refused",
  ],
  ["a method that is not listed", LIST, "PATCH", { Origin: ORIGIN }, {
    ...shared(ORIGIN),
    ...exposed,
    ...vary,
  }, "allowed"],
  ["credentials", SECRET, "GET", { Origin: ORIGIN }, {
    ...shared(ORIGIN),
    ...withCredentials,
    ...vary,
  }, "allowed"],
  [
    "no credentials, though cookies came",
    LIST,
    "GET",
    {
      Origin: ORIGIN,
      Cookie: "a=1",
    },
    { ...shared(ORIGIN), ...exposed, ...vary },
    "allowed",
  ],
  ["any origin", ANY, "GET", { Origin: "https://any.test" }, {
    ...shared("*"),
    "access-control-expose-headers": "*",
  }, "allowed"],
  [
    "any origin, in a list of one",
    { origins: ["*"] },
    "GET",
    {
      Origin: "null",
    },
    shared("*"),
    "allowed",
  ],
  [
    "any origin, malformed",
    { origins: "*" },
    "GET",
    {
      Origin: "no origin",
    },
    shared("*"),
    "allowed",
  ],
  ["any origin, none sent", ANY, "GET", {}, {
    ...shared("*"),
    "access-control-expose-headers": "*",
  }, "none"],
  [
    "an empty list",
    { origins: [] },
    "GET",
    { Origin: ORIGIN },
    vary,
    "refused",
  ],
  [
    "OPTIONS without Access-Control-Request-Method",
    LIST,
    "OPTIONS",
    {
      Origin: ORIGIN,
      "Access-Control-Request-Headers": "x-a",
    },
    { ...shared(ORIGIN), ...exposed, ...varyAll },
    "allowed",
  ],
  [
    "OPTIONS without Origin",
    LIST,
    "OPTIONS",
    {
      "Access-Control-Request-Method": "PUT",
    },
    varyAll,
    "none",
  ],
  [
    "OPTIONS from a refused origin",
    LIST,
    "OPTIONS",
    {
      Origin: "https://evil.test",
    },
    varyAll,
    "refused",
  ],
  ["OPTIONS, for any origin", { origins: "*" }, "OPTIONS", {}, {
    ...shared("*"),
    ...varyAll,
  }, "none"],
  [
    "GET with Access-Control-Request-Method",
    LIST,
    "GET",
    {
      Origin: ORIGIN,
      "Access-Control-Request-Method": "PUT",
    },
    { ...shared(ORIGIN), ...exposed, ...vary },
    "allowed",
  ],
  ["Vary in the request", LIST, "GET", { Vary: "X-Evil" }, vary, "none"],
];

for (const [what, options, method, headers, fields, verdict] of ACTUAL) {
  Deno.test(`cors() decorates a response: ${what}`, async () => {
    const result = await exchange(options, method, headers);

    assertEquals(result.fields, fields);
    assertEquals(result.verdict, verdict);
    assertEquals(result.handled, 1);
    assertEquals(await result.response.text(), "ok");
  });
}

const VARY: [
  lines: string[],
  method: string,
  expected: string,
][] = [
  [[], "GET", "Origin"],
  [[], "OPTIONS", VARY_ALL],
  [[""], "GET", "Origin"],
  [[" , ,"], "GET", "Origin"],
  [["Accept"], "GET", "Accept, Origin"],
  [["Accept", "Cookie"], "GET", "Accept, Cookie, Origin"],
  [["Origin"], "GET", "Origin"],
  [["accept-encoding,origin"], "GET", "accept-encoding, origin"],
  [["Accept", "ORIGIN"], "GET", "Accept, ORIGIN"],
  [["X-Origin"], "GET", "X-Origin, Origin"],
  [["Origin-Agent-Cluster"], "GET", "Origin-Agent-Cluster, Origin"],
  [["Origin, Origin"], "GET", "Origin"],
  [["Accept, accept", "origin"], "GET", "Accept, origin"],
  // One name is repeated and one is missing.
  [["Accept, accept"], "GET", "Accept, Origin"],
  [["Accept", "Accept"], "GET", "Accept, Origin"],
  [["Origin, Origin, Origin"], "OPTIONS", VARY_ALL],
  [["a, a, a, a"], "OPTIONS", `a, ${VARY_ALL}`],
  // A no-break space is no white space here, and no part of a name either.
  [["\u00a0Origin"], "GET", "\u00a0Origin, Origin"],
  [["Origin\u00a0"], "GET", "Origin\u00a0, Origin"],
  [["origin"], "OPTIONS", VARY_ALL.replace("Origin", "origin")],
  [["*"], "GET", "*"],
  [["Accept, *"], "OPTIONS", "Accept, *"],
  [["Accept", "*"], "GET", "Accept, *"],
  [["__proto__"], "GET", "__proto__, Origin"],
];

for (const [lines, method, expected] of VARY) {
  Deno.test(`cors() turns the Vary ${JSON.stringify(lines)} into ${expected} for ${method}`, async () => {
    for (const given of [lines, [expected]]) {
      const headers = given.map((line): [string, string] => ["Vary", line]);
      const { fields } = await exchange(
        LIST,
        method,
        {},
        () => new Response(null, { headers }),
      );

      assertEquals(fields, { vary: expected });
    }
  });
}

for (const status of [200, 201, 204, 206, 304, 401, 404, 405, 429, 500, 503]) {
  Deno.test(`cors() decorates a response with status ${status}`, async () => {
    const { response, fields } = await exchange(
      { origins: [ORIGIN] },
      "GET",
      { Origin: ORIGIN },
      () => new Response(null, { status }),
    );

    assertEquals(response.status, status);
    assertEquals(fields, { ...shared(ORIGIN), ...vary });
  });
}

Deno.test("cors() removes CORS headers that were set further in", async () => {
  const foreign = (): Response =>
    new Response("ok", {
      headers: [
        ["Access-Control-Allow-Origin", "*"],
        ["Access-Control-Allow-Origin", "https://evil.test"],
        ["Access-Control-Allow-Credentials", "true"],
        ["Access-Control-Expose-Headers", "x-secret"],
        ["Access-Control-Allow-Methods", "DELETE"],
        ["Access-Control-Allow-Headers", "x-secret"],
        ["Access-Control-Max-Age", "9"],
        ["Access-Control-Allow-Private-Network", "true"],
        ["Timing-Allow-Origin", "*"],
      ],
    });
  const options = { origins: [ORIGIN] };

  const allowed = await exchange(options, "GET", { Origin: ORIGIN }, foreign);
  const refused = await exchange(options, "GET", { Origin: "null" }, foreign);

  assertEquals(allowed.fields, { ...shared(ORIGIN), ...vary });
  assertEquals(refused.fields, vary);
});

Deno.test("cors() copies a response with immutable headers, and keeps all of it", async () => {
  const redirect = await exchange(
    SECRET,
    "GET",
    { Origin: ORIGIN },
    () => Response.redirect("https://api.test/else", 303),
  );
  const fetched = await fetch("data:text/plain,hello");
  const { response } = await exchange(
    SECRET,
    "GET",
    { Origin: ORIGIN },
    () => fetched,
  );

  assertEquals(redirect.response.status, 303);
  assertEquals(
    redirect.response.headers.get("Location"),
    "https://api.test/else",
  );
  assertEquals(redirect.fields, {
    ...shared(ORIGIN),
    ...withCredentials,
    ...vary,
  });
  assertEquals(response.statusText, fetched.statusText);
  assertEquals(response.headers.get("Content-Type"), "text/plain");
  assertEquals(await response.text(), "hello");
});

Deno.test("cors() changes any other response in place, and keeps all of it", async () => {
  const body = new Blob(["streamed"]).stream();
  const made = new Response(body, { status: 418, statusText: "Teapot" });
  made.headers.append("Set-Cookie", "a=1");
  made.headers.append("Set-Cookie", "b=2");

  const { response } = await exchange(
    LIST,
    "GET",
    { Origin: ORIGIN },
    () => made,
  );

  assertStrictEquals(response, made);
  assertStrictEquals(response.body, body);
  assertEquals(response.statusText, "Teapot");
  assertEquals(response.headers.getSetCookie(), ["a=1", "b=2"]);
  assertEquals(await response.text(), "streamed");
});

Deno.test("cors() does not change a WebSocket upgrade and a network error", async () => {
  const upgrade = new Response(null, { status: 101 });
  const failure = Response.error();

  for (const made of [upgrade, failure]) {
    const { response, fields } = await exchange(
      LIST,
      "GET",
      { Origin: ORIGIN },
      () => made,
    );

    assertStrictEquals(response, made);
    assertEquals(fields, {});
  }
});

for (const Origin of [ORIGIN, "https://evil.test"]) {
  Deno.test(`cors() rethrows the error of an inner middleware, for ${Origin}`, async () => {
    const boom = new Error("boom");

    const error = await assertRejects(() =>
      exchange(LIST, "GET", { Origin }, () => Promise.reject(boom))
    );

    assertStrictEquals(error, boom);
  });
}

// The place of the error boundary decides whether a page can read a 500.
async function boundary(
  _request: Request,
  next: () => Promise<Response>,
): Promise<Response> {
  try {
    return await next();
  } catch {
    return Response.json({ title: "Internal Server Error" }, { status: 500 });
  }
}
const fail = (): Response => {
  throw new Error("the disk is on fire");
};
const page = { origin: ORIGIN, credentials: "include" } as const;

Deno.test("cors() inside the error boundary: the page sees a CORS failure", async () => {
  const serve = compose([boundary, cors(SECRET)], fail);

  const response = await serve(
    new Request("https://api.test/", { headers: { Origin: ORIGIN } }),
  );

  assertEquals(response.status, 500);
  assertEquals(fieldsOf(response), {});
  assertEquals(await browserFetch(serve, page), {
    ok: false,
    failed: "cors check",
  });
});

Deno.test("cors() outside the error boundary: the page reads the 500", async () => {
  const serve = compose([cors(SECRET), boundary], fail);

  const result = await browserFetch(serve, page);

  assertEquals(result.ok && result.response.status, 500);
  assertEquals(result.ok && await result.response.json(), {
    title: "Internal Server Error",
  });
});

Deno.test("cors() stores its verdict before the inner middleware runs", async () => {
  const seen: string[] = [];
  const layer: Middleware = (request, next) => {
    seen.push(requestState(request).cors);
    return next();
  };
  const serve = compose([cors(LIST), layer], () => new Response());

  for (const Origin of [ORIGIN, "null"]) {
    await serve(new Request("https://api.test/", { headers: { Origin } }));
  }

  assertEquals(seen, ["allowed", "refused"]);
});

Deno.test("cors() reports a refused origin, but not its own", async () => {
  const onReject = spy();
  const options = { origins: [ORIGIN], onReject };

  await exchange(options, "POST", { Origin: "https://evil.test" });
  await exchange(options, "POST", { Origin: "https://api.test" });
  await exchange(options, "POST", { Origin: ORIGIN });

  assertEquals(onReject.calls.map(({ args }) => args), [[{
    kind: "actual",
    reason: "origin",
    origin: "https://evil.test",
    value: "https://evil.test",
  }]]);
});

Deno.test("cors() neither changes its options nor sees later changes", async () => {
  const options = {
    origins: [ORIGIN],
    methods: ["PUT"],
    headers: ["x-b", "X-A"],
    exposeHeaders: ["x-b", "X-A"],
    credentials: true,
  };
  const before = structuredClone(options);
  const layer = cors(options);
  assertEquals(options, before);

  options.origins.push("https://evil.test");
  options.methods.push("DELETE");
  options.credentials = false;

  const serve = compose([layer], () => new Response());
  const evil = { origin: "https://evil.test" };
  assertEquals((await browserFetch(serve, evil)).ok, false);
  assertEquals(
    (await browserFetch(serve, { ...page, method: "PUT" })).ok,
    true,
  );
  assertEquals(
    (await browserFetch(serve, { ...page, method: "DELETE" })).ok,
    false,
  );
});

Deno.test("cors() can be swapped while requests run", async () => {
  let current = cors({ origins: [ORIGIN] });
  const swapped = Promise.withResolvers<void>();
  const layer: Middleware = (request, next) => current(request, next);
  const serve = compose([layer], async () => {
    await swapped.promise;
    return new Response();
  });

  const before = browserFetch(serve, { origin: ORIGIN });
  current = cors({ origins: ["https://new.test"] });
  swapped.resolve();

  assertEquals((await before).ok, true);
  assertEquals((await browserFetch(serve, { origin: ORIGIN })).ok, false);
  const after = await browserFetch(serve, { origin: "https://new.test" });
  assertEquals(after.ok, true);
});

Deno.test("cors() has no effect inside a stricter one", async () => {
  const serve = compose(
    [cors({ origins: [ORIGIN] }), cors({ origins: "*" })],
    () => new Response(),
  );

  const stranger = await browserFetch(serve, { origin: "https://b.test" });
  assertEquals(stranger.ok, false);
});

Deno.test("cors() accepts frozen options", () => {
  cors(Object.freeze({ origins: Object.freeze([ORIGIN]) }));
});

Deno.test("cors() keeps concurrent requests apart", async () => {
  const serve = compose(
    [cors({ origins: ["https://*.pages.test"] })],
    async () => {
      await new Promise((resolve) => queueMicrotask(() => resolve(undefined)));
      return new Response();
    },
  );
  const origins = Array.from(
    { length: 50 },
    (_, index) =>
      index % 3 === 0 ? "https://evil.test" : `https://p${index}.pages.test`,
  );

  const responses = await Promise.all(
    origins.map((Origin) =>
      serve(new Request("https://api.test/", { headers: { Origin } }))
    ),
  );

  assertEquals(
    responses.map(({ headers }) => headers.get("Access-Control-Allow-Origin")),
    origins.map((origin) => origin === "https://evil.test" ? null : origin),
  );
});

Deno.test("cors() has a name, for error messages", () => {
  assertEquals(cors(LIST).name, "cors");
});

Deno.test("cors.ts exports the error and the matcher", () => {
  assertEquals(originMatcher([ORIGIN])(ORIGIN), true);
  assertEquals(new CorsConfigError([]).name, "CorsConfigError");
});

Deno.test("originMatcher() throws every invalid origin, with its cure", () => {
  const error = assertThrows(
    () => originMatcher(["*", "https://a.com", "https://b.com/"]),
    CorsConfigError,
  );

  assertEquals(
    error.message,
    `Invalid CORS options:
  origins.0: Cannot allow origin "*": remove it, or remove the entries beside "*"
  origins.2: Cannot allow origin "https://b.com/": write "https://b.com"`,
  );
});

Deno.test("originMatcher() allows a public suffix with its option", () => {
  const origins = ["https://*.vercel.app"];
  assertThrows(() => originMatcher(origins), CorsConfigError, "vercel.app");

  const options = { dangerouslyAllowPublicSuffixes: true };
  assert(originMatcher(origins, options)("https://mine.vercel.app"));
});
