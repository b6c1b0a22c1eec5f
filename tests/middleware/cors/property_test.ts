/**
 * A browser lets a page do exactly what the configuration allows. The model below
 * says what is allowed without any of the layer's code; the browser's side is
 * `tests/browser_cors.ts`.
 *
 * Each run draws other cases. One that fails prints its seed; to run it again:
 * `deno test tests/middleware/cors/property_test.ts -- SEED`.
 */

import { assert, assertEquals } from "@std/assert";
import { compose } from "../../../middleware/compose.ts";
import { cors, type CorsOptions } from "../../../middleware/cors.ts";
import { browserFetch, type PageRequest } from "../../browser_cors.ts";
import { fieldsOf } from "../_exchange.ts";

const CONFIGURATIONS = 2000;
const PAGES = 4;

// Each pattern, and the origins below that it stands for.
const PATTERNS: Record<string, string[]> = {
  "https://a.test": ["https://a.test"],
  "https://a.test:8443": ["https://a.test:8443"],
  "http://b.test": ["http://b.test"],
  "https://xn--bcher-kva.test": ["https://xn--bcher-kva.test"],
  "http://[::1]:9090": ["http://[::1]:9090"],
  "capacitor://localhost": ["capacitor://localhost"],
  "https://*.a.test": ["https://x.a.test", "https://x.y.a.test"],
  "https://*.y.a.test": ["https://x.y.a.test"],
  "https://*.a.test:8443": ["https://x.a.test:8443"],
  "http://localhost:*": ["http://localhost", "http://localhost:3000"],
  "http://*.localhost:*": ["http://x.localhost:3000"],
  "http://[::1]:*": ["http://[::1]:9090"],
};
const ORIGINS = [
  ...new Set(Object.values(PATTERNS).flat()),
  "null",
  "https://evil.test",
  "https://xa.test",
  "https://a.test.evil.test",
  "http://a.test",
];
const METHODS = "GET HEAD POST put DELETE OPTIONS PATCH patch QUERY PURGE"
  .split(" ");
const HEADERS: Record<string, string> = {
  "Accept": "text/html",
  "Content-Type": "application/json",
  "content-type": "text/plain",
  "Authorization": "Bearer a",
  "X-A": "a",
  "x-b": "b",
  "If-Match": '"1"',
  "Range": "bytes=0-99",
};
const FIELDS = ["Content-Type", "ETag", "X-Total-Count", "X-Trace"];

const seed = Number(Deno.args[0] ?? Date.now() % 2 ** 32);

Deno.test("cors() lets a browser do exactly what is configured", async () => {
  const random = generator(seed);
  let allowed = 0;
  for (let i = 0; i < CONFIGURATIONS; i++) {
    const options = drawOptions(random);
    const serve = compose([cors(options)], answer);
    for (let j = 0; j < PAGES; j++) {
      const page = drawPage(random);
      const result = await browserFetch(checked(serve), page);
      const message = `seed ${seed}: ${
        JSON.stringify({ options, page, result })
      }`;

      assertEquals(result.ok, isAllowed(options, page), message);
      if (!result.ok) continue;
      const names = FIELDS.filter((name) =>
        result.readable.includes(name.toLowerCase())
      );
      assertEquals(names, readable(options, page), message);
      allowed++;
    }
  }
  assert(allowed > 200, `seed ${seed}: only ${allowed} were allowed`);
});

function answer(): Response {
  const response = new Response();
  for (const name of FIELDS) response.headers.set(name, "1");
  return response;
}

// The model.
function isAllowed(options: CorsOptions, page: PageRequest): boolean {
  const { origins, methods = [], headers = [], credentials = false } = options;
  const method = onTheWire(page.method ?? "GET");
  const listed = Array.from(headers, (name) => name.toLowerCase());
  const fits = {
    origin: origins === "*" ||
      origins.some((origin) => PATTERNS[origin]?.includes(page.origin)),
    credentials: credentials || page.credentials === "omit",
    method: ["GET", "HEAD", "POST"].includes(method) || methods === "*" ||
      methods.map(onTheWire).includes(method),
    headers: unsafeNames(page).every((name) =>
      listed.includes(name) ||
      (listed.includes("*") && name !== "authorization")
    ),
  };
  return Object.values(fits).every(Boolean);
}

function onTheWire(method: string): string {
  return method === "put" ? "PUT" : method;
}

function unsafeNames(page: PageRequest): string[] {
  return Object.keys(page.headers ?? {})
    .filter((name) => !["Accept", "content-type", "Range"].includes(name))
    .map((name) => name.toLowerCase());
}

function readable(options: CorsOptions, page: PageRequest): string[] {
  const { exposeHeaders = [] } = options;
  return FIELDS.filter((name) =>
    name === "Content-Type" || exposeHeaders.includes(name) ||
    (exposeHeaders.includes("*") && page.credentials === "omit")
  );
}

// What must hold of each answer, whatever is configured.
function checked(serve: (request: Request) => Promise<Response>): typeof serve {
  return async (request) => {
    const response = await serve(request);
    const fields = fieldsOf(response);
    const { "access-control-allow-origin": origin, vary = "" } = fields;
    const names = vary.split(", ");
    const isPreflight = request.method === "OPTIONS" &&
      request.headers.has("Access-Control-Request-Method");

    assert([undefined, "*", request.headers.get("Origin")].includes(origin));
    assert(
      !("access-control-allow-credentials" in fields) || origin?.includes(":"),
    );
    assertEquals(
      "access-control-max-age" in fields,
      isPreflight && response.ok,
    );
    assert(!("access-control-expose-headers" in fields) || !isPreflight);
    assertEquals(names.length, new Set(names).size);
    assertEquals(
      names.includes("Origin"),
      origin !== "*" || request.method === "OPTIONS",
    );
    assertEquals(
      fields["timing-allow-origin"],
      isPreflight ? undefined : origin,
    );
    return response;
  };
}

type Random = (below: number) => number;

function drawOptions(random: Random): CorsOptions {
  const credentials = random(2) === 0;
  const list = (names: readonly string[]): "*" | string[] =>
    !credentials && random(4) === 0 ? "*" : draw(random, names);
  const headers = list(Object.keys(HEADERS));
  return {
    origins: list(Object.keys(PATTERNS)),
    methods: list(METHODS.filter((method) => method !== "patch")),
    headers: headers === "*" && random(2) === 0
      ? ["authorization", "*"]
      : headers,
    exposeHeaders: list(FIELDS),
    credentials,
    dangerouslyAllowInsecureOrigins: true,
    dangerouslyAllowSubdomainsWithCredentials: true,
  };
}

function drawPage(random: Random): PageRequest {
  const names = random(2) === 0 ? [] : draw(random, Object.keys(HEADERS), 4);
  return {
    origin: ORIGINS[random(ORIGINS.length)]!,
    method: METHODS[random(METHODS.length)]!,
    headers: Object.fromEntries(names.map((name) => [name, HEADERS[name]!])),
    credentials: random(2) === 0 ? "omit" : "include",
    forcePreflight: random(4) === 0,
  };
}

function draw(random: Random, from: readonly string[], oneIn = 2): string[] {
  return from.filter(() => random(oneIn) === 0);
}

// Mulberry32: small, and the same numbers for the same seed.
function generator(state: number): Random {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
