/**
 * Rejects requests for other hosts.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that rejects a host which is not served with 421
 * ({@link https://www.rfc-editor.org/rfc/rfc9110#section-7.4 | RFC 9110, 7.4}), and a
 * malformed `Host` with 400
 * ({@link https://www.rfc-editor.org/rfc/rfc9112#section-3.2 | RFC 9112, 3.2}).
 *
 * The owner of `evil.example` may let that name resolve to 127.0.0.1. To the browser
 * a page from there then has the same origin as the API, so CORS does not apply:
 * only the name tells them apart.
 *
 * Deno copies the header into `request.url` unchanged: with `Host: a/ping?` the
 * target `/tasks` becomes `http://a/ping?/tasks`. A proxy that filters by path would
 * then check another path than the router.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { Problem } from "../http/problem.ts";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([host(["localhost"])], () => new Response("hello"));
 * const response = await serve(new Request("http://localhost:8000/"));
 * assertEquals(await response.text(), "hello");
 *
 * const rebound = new Request("http://evil.example:8000/");
 * await assertRejects(() => serve(rebound), Problem, "not served here");
 * ```
 *
 * @param allowed Names and addresses without a port, in lower case. `*.example.com`
 * is every name below `example.com`, `*` every host.
 * @returns The middleware. It rejects with a {@linkcode Problem} (400 or 421).
 */
export function host(allowed: readonly string[]): Middleware {
  return function host(request, next): Promise<Response> {
    const value = request.headers.get("Host");
    if (value !== null && !HOST.test(value)) throw INVALID;
    // HTTP/2 has no such header: there the authority is in the URL alone.
    const host = value ?? URL.parse(request.url)?.host;
    if (host === undefined) throw INVALID;
    const name = host.toLowerCase().replace(/:\d*$/, "");
    if (allowed.some((pattern) => matches(pattern, name))) return next();
    throw NOT_SERVED;
  };
}

// RFC 9110, 7.2: uri-host [ ":" port ], by the characters that RFC 3986 allows in
// them. None of them ends the authority of a URL.
const HOST = /^[\w.~!$&'()*+,;=%:[\]-]*$/;

function matches(pattern: string, name: string): boolean {
  return pattern.startsWith("*")
    ? name.endsWith(pattern.slice(1))
    : name === pattern;
}

const INVALID = new Problem("invalid-header", "Invalid Host", {
  errors: [{
    header: "Host",
    detail: "Must be a name or an address, with or without a port",
  }],
});

const NOT_SERVED = new Problem(
  "misdirected-request",
  "This host is not served here: add its name to ALLOWED_HOSTS",
);
