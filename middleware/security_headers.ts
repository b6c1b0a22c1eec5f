/**
 * Tells browsers to make nothing of an answer but what it is.
 *
 * @module
 */

import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates a layer that sets the security headers that mean something for an API,
 * each where a route has not set its own, as pages do.
 *
 * | header                         | what it prevents                             |
 * | ------------------------------ | -------------------------------------------- |
 * | `X-Content-Type-Options`       | that data is run as a script or a style      |
 * | `Content-Security-Policy`      | that data is shown as a page that does things |
 * | `Cross-Origin-Resource-Policy` | that a foreign page loads it without asking  |
 * | `Referrer-Policy`              | that an address goes to where a link leads   |
 *
 * None of them undoes CORS: the third is for requests in the mode `no-cors` alone
 * ({@link https://fetch.spec.whatwg.org/#cross-origin-resource-policy-header | Fetch}).
 * `Strict-Transport-Security` is not among them, since it may not be sent without
 * TLS ({@link https://www.rfc-editor.org/rfc/rfc6797#section-7.2 | RFC 6797, 7.2}):
 * it belongs to the proxy that speaks it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([securityHeaders()], () => Response.json({ ok: true }));
 * const { headers } = await serve(new Request("http://localhost/ping"));
 *
 * assertEquals(headers.get("X-Content-Type-Options"), "nosniff");
 * ```
 *
 * @returns The layer.
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
