/**
 * Rejects requests with an invalid `Host`.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that rejects a malformed `Host` with 400, as
 * {@link https://www.rfc-editor.org/rfc/rfc9112#section-3.2 | RFC 9112, 3.2} requires.
 *
 * Deno copies the header into `request.url` unchanged: with `Host: a/ping?` the
 * target `/tasks` becomes `http://a/ping?/tasks`. A proxy that filters by path would
 * then check another path than the router.
 *
 * @example Usage
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Problem } from "../http/problem.ts";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([host()], () => new Response("hello"));
 * const request = new Request("http://localhost/", { headers: { Host: "a/b?" } });
 *
 * await assertRejects(() => serve(request), Problem, "Invalid Host");
 * ```
 *
 * @returns The middleware. It rejects with a {@linkcode Problem} (400).
 */
export function host(): Middleware {
  return function host(request, next): Promise<Response> {
    const value = request.headers.get("Host");
    if (value === null || HOST.test(value)) return next();
    const detail = "Must be a name or an address, with or without a port";
    throw new Problem("invalid-header", "Invalid Host", {
      errors: [{ header: "Host", detail }],
    });
  };
}

// RFC 9110, 7.2: uri-host [ ":" port ], by the characters that RFC 3986 allows in
// them. None of them ends the authority of a URL.
const HOST = /^[\w.~!$&'()*+,;=%:[\]-]*$/;
