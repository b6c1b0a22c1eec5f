import { assertEquals } from "@std/assert";
import { browserFetch, type PageRequest } from "./browser_cors.ts";

const ORIGIN = "https://app.test";
const ALLOW = { "Access-Control-Allow-Origin": ORIGIN };
const ANY = { "Access-Control-Allow-Origin": "*" };
const CREDENTIALS = { ...ALLOW, "Access-Control-Allow-Credentials": "true" };
const include = { credentials: "include" } as const;

// The headers of every response, and whether the page may read it.
const TABLE: [
  page: Omit<PageRequest, "origin">,
  headers: Record<string, string>,
  passes: "yes" | "method" | "preflight" | "cors check",
][] = [
  [{}, {}, "cors check"],
  [{}, ALLOW, "yes"],
  [{}, ANY, "yes"],
  [{}, { "Access-Control-Allow-Origin": `${ORIGIN}/` }, "cors check"],
  [{}, { "Access-Control-Allow-Origin": `${ORIGIN}, *` }, "cors check"],
  [include, ANY, "cors check"],
  [include, ALLOW, "cors check"],
  [
    include,
    { ...ALLOW, "Access-Control-Allow-Credentials": "TRUE" },
    "cors check",
  ],
  [include, CREDENTIALS, "yes"],
  [{ method: "TRACE" }, ALLOW, "method"],
  [{ method: "post", headers: { "Content-Type": "text/plain" } }, ALLOW, "yes"],
  [{ headers: { Range: "bytes=0-9", Accept: "*/*" } }, ALLOW, "yes"],
  [{ headers: { Range: "bytes=-9" } }, ALLOW, "preflight"],
  [{ headers: { "Content-Type": "application/json" } }, ALLOW, "preflight"],
  [{ forcePreflight: true }, ALLOW, "yes"],
  [{ method: "put" }, ALLOW, "preflight"],
  [
    { method: "put" },
    { ...ALLOW, "Access-Control-Allow-Methods": "GET, PUT" },
    "yes",
  ],
  [
    { method: "patch" },
    { ...ALLOW, "Access-Control-Allow-Methods": "PATCH" },
    "preflight",
  ],
  [{ method: "PUT" }, { ...ALLOW, "Access-Control-Allow-Methods": "*" }, "yes"],
  [{ method: "PUT", ...include }, {
    ...CREDENTIALS,
    "Access-Control-Allow-Methods": "*",
  }, "preflight"],
  [{ method: "PUT" }, {
    ...ALLOW,
    "Access-Control-Allow-Methods": "PUT DELETE",
  }, "preflight"],
  [{ headers: { "X-A": "1" } }, {
    ...ALLOW,
    "Access-Control-Allow-Headers": "X-a",
  }, "yes"],
  [{ headers: { "X-A": "1" } }, {
    ...ALLOW,
    "Access-Control-Allow-Headers": "x a",
  }, "preflight"],
  [{ headers: { "X-A": "1" } }, {
    ...ALLOW,
    "Access-Control-Allow-Headers": "*",
  }, "yes"],
  [{ headers: { Authorization: "a" } }, {
    ...ALLOW,
    "Access-Control-Allow-Headers": "*",
  }, "preflight"],
];

for (const [page, headers, passes] of TABLE) {
  Deno.test(`browserFetch() returns ${passes}: ${JSON.stringify({ page, headers })}`, async () => {
    const serve = (): Promise<Response> =>
      Promise.resolve(new Response("ok", { headers }));

    const result = await browserFetch(serve, { origin: ORIGIN, ...page });

    assertEquals(result.ok ? "yes" : result.failed, passes);
    if (result.ok) await result.response.body?.cancel();
  });
}

Deno.test("browserFetch() refuses a preflight without a 2xx status", async () => {
  const serve = ({ method }: Request): Promise<Response> =>
    Promise.resolve(
      new Response(null, {
        status: method === "OPTIONS" ? 302 : 200,
        headers: ALLOW,
      }),
    );

  const result = await browserFetch(serve, {
    origin: ORIGIN,
    forcePreflight: true,
  });

  assertEquals(result, { ok: false, failed: "preflight" });
});

Deno.test("browserFetch() returns the exposed headers", async () => {
  async function readable(exposed: string, page = {}): Promise<string[]> {
    const headers = new Headers({ ...CREDENTIALS, ETag: "1", Expires: "0" });
    headers.append("Set-Cookie", "a=1");
    headers.set("Access-Control-Expose-Headers", exposed);
    const serve = (): Promise<Response> =>
      Promise.resolve(new Response(null, { headers }));
    const result = await browserFetch(serve, { origin: ORIGIN, ...page });
    return result.ok ? result.readable.filter((name) => name.length < 11) : [];
  }

  assertEquals(await readable("X-A"), ["expires"]);
  assertEquals(await readable("e tag, ETag"), ["expires"]);
  assertEquals(await readable("ETAG, Set-Cookie"), ["etag", "expires"]);
  assertEquals(await readable("*"), ["etag", "expires"]);
  assertEquals(await readable("*", include), ["expires"]);
});
