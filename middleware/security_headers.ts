/**
 * Sets security headers.
 *
 * @module
 */

import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that sets each of these headers unless a route has set its own,
 * as pages do.
 *
 * | header                         | prevents                                    |
 * | ------------------------------ | ------------------------------------------- |
 * | `X-Content-Type-Options`       | running data as a script or a style         |
 * | `Content-Security-Policy`      | showing data as a page with scripts         |
 * | `Cross-Origin-Resource-Policy` | loading by other origins without CORS       |
 * | `Referrer-Policy`              | sending the address to the target of a link |
 *
 * None of them affects CORS: the third applies to the mode `no-cors` only (Fetch).
 * `Strict-Transport-Security` must not be sent without TLS (RFC 6797, 7.2): set it in
 * the proxy that terminates TLS.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([securityHeaders()], () => new Response("pong"));
 * const { headers } = await serve(new Request("http://localhost/ping"));
 *
 * assertEquals(headers.get("X-Content-Type-Options"), "nosniff");
 * ```
 */
export function securityHeaders(): Middleware {
  return async function securityHeaders(_request, next): Promise<Response> {
    return withHeaders(await next(), (headers) => {
      for (const [name, value] of DEFAULTS) {
        if (!headers.has(name)) headers.set(name, value);
      }
    });
  };
}

const DEFAULTS = [
  ["X-Content-Type-Options", "nosniff"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["Cross-Origin-Resource-Policy", "same-origin"],
  ["Referrer-Policy", "no-referrer"],
] as const;
