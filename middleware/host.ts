/**
 * Refuses requests whose `Host` is no host.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates a layer that answers a malformed `Host` with 400, as
 * {@link https://www.rfc-editor.org/rfc/rfc9112#section-3.2 | RFC 9112, 3.2} asks.
 *
 * Deno puts the header into `request.url` as it came. `Host: a/ping?` turns the
 * target `/tasks` into `http://a/ping?/tasks`: a proxy that lets in by path would
 * have looked at another path than the routes do.
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
 * await assertRejects(() => serve(request), Problem, "Cannot read Host");
 * ```
 *
 * @returns The layer. It rejects with a {@linkcode Problem} (400).
 */
export function host(): Middleware {
  return function host(request, next): Promise<Response> {
    const value = request.headers.get("Host");
    if (value === null || HOST.test(value)) return next();
    throw new Problem("invalid-header", "Cannot read Host", {
      errors: [{
        header: "Host",
        detail: "Must be a name or an address, with a port or without",
      }],
    });
  };
}

// RFC 9110, 7.2: uri-host [ ":" port ], by the characters that RFC 3986 has for
// them. None of them ends the authority of a URL.
const HOST = /^[\w.~!$&'()*+,;=%:[\]-]*$/;
