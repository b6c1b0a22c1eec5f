/**
 * What `cors()` costs. In each group the baseline is the same chain without it, so
 * the difference is its own cost.
 *
 *     deno bench template/bench/cors_bench.ts
 *
 * @module
 */

import { compose, type Middleware } from "../../middleware/compose.ts";
import { cors, type CorsOptions } from "../../middleware/cors.ts";

type Serve = (request: Request) => Promise<Response>;

const ORIGIN = "https://app.example.com";
const OPTIONS: CorsOptions = {
  origins: [ORIGIN, "https://*.preview.example.com"],
  methods: ["PUT", "PATCH", "DELETE"],
  headers: ["Authorization", "Content-Type"],
  exposeHeaders: ["ETag"],
};

// A response to a preflight without CORS, as a router would send it.
const noContent: Middleware = () =>
  Promise.resolve(new Response(null, { status: 204 }));

function chain(...layers: Middleware[]): Serve {
  return compose(layers, () => Response.json({ id: "1" }));
}

function manyOrigins(count: number): Serve {
  const origins = Array.from(
    { length: count - 1 },
    (_, i) => `https://o${i}.example.com`,
  );
  return chain(cors({ ...OPTIONS, origins: [...origins, ORIGIN] }));
}

function manyPatterns(count: number): Serve {
  const origins = Array.from(
    { length: count },
    (_, i) => `https://*.h${i}.com`,
  );
  return chain(cors({ ...OPTIONS, origins }));
}

function request(headers: Record<string, string>, method = "GET"): Request {
  return new Request("https://api.example.com/tasks/1", { method, headers });
}

function preflight(method: string, headers: string, origin = ORIGIN): Request {
  return request({
    Origin: origin,
    "Access-Control-Request-Method": method,
    "Access-Control-Request-Headers": headers,
  }, "OPTIONS");
}

function group(
  name: string,
  baseline: Serve,
  rows: Record<string, readonly [Serve, Request]>,
): void {
  const [[, first] = []] = Object.values(rows);
  Deno.bench("without cors()", { group: name, baseline: true }, async () => {
    await baseline(first!);
  });
  for (const [row, [serve, request]] of Object.entries(rows)) {
    Deno.bench(row, { group: name }, async () => {
      await serve(request);
    });
  }
}

const list = chain(cors(OPTIONS));
const secret = chain(
  cors({ ...OPTIONS, origins: [ORIGIN], credentials: true }),
);
const any = chain(cors({ origins: "*" }));

group("actual request", chain(), {
  "allowed": [list, request({ Origin: ORIGIN })],
  "allowed, credentials": [secret, request({ Origin: ORIGIN })],
  "allowed by a pattern": [
    list,
    request({ Origin: "https://pr-7.preview.example.com" }),
  ],
  "refused": [list, request({ Origin: "https://evil.example" })],
  "no origin": [list, request({})],
  "any origin": [any, request({ Origin: ORIGIN })],
  "hostile origin": [
    list,
    request({ Origin: `https://${"a.".repeat(120)}example.com` }),
  ],
});

group("preflight", chain(noContent), {
  "passes": [list, preflight("PUT", "authorization,content-type")],
  "fails for its origin": [
    list,
    preflight("PUT", "authorization", "https://evil.example"),
  ],
  "fails for its method": [list, preflight("PURGE", "authorization")],
  "fails for its headers": [list, preflight("PUT", "authorization,x-other")],
});

group("request headers", chain(noContent), {
  "60,000 commas": [list, preflight("PUT", ",".repeat(60000))],
  "60,000 spaces": [list, preflight("PUT", " ".repeat(60000))],
  "60,000 letters": [list, preflight("PUT", "x".repeat(60000))],
  "4 kB": [list, preflight("PUT", "content-type,".repeat(315) + "x")],
  "64 kB": [list, preflight("PUT", "content-type,".repeat(5041) + "x")],
});

group("origins in the list", chain(), {
  "1": [manyOrigins(1), request({ Origin: ORIGIN })],
  "10": [manyOrigins(10), request({ Origin: ORIGIN })],
  "1,000": [manyOrigins(1000), request({ Origin: ORIGIN })],
  "10,000": [manyOrigins(10000), request({ Origin: ORIGIN })],
});

// None of the patterns fits, so each label of the origin is looked up.
const STRANGER = "https://a.b.evil.example";

group("patterns in the list", chain(), {
  "1": [manyPatterns(1), request({ Origin: STRANGER })],
  "10": [manyPatterns(10), request({ Origin: STRANGER })],
  "1,000": [manyPatterns(1000), request({ Origin: STRANGER })],
  "10,000": [manyPatterns(10000), request({ Origin: STRANGER })],
});
