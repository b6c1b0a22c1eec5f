/**
 * Sets `Cache-Control` where a route does not.
 *
 * @module
 */

import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that sets `Cache-Control` on every response without it.
 *
 * A cache may guess how long such a response stays fresh (RFC 9111, 4.2.2), even a
 * 404, and sends it after the resource has changed. `no-cache` lets it keep the
 * response, and requires a request each time: with the `ETag`, that is a 304.
 *
 * Place it outside of `errors()`, so that error responses have the header too.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([cacheControl("no-cache")], () => new Response("hello"));
 * const { headers } = await serve(new Request("http://localhost/"));
 *
 * assertEquals(headers.get("Cache-Control"), "no-cache");
 * ```
 */
export function cacheControl(value: string): Middleware {
  return async function cacheControl(_request, next): Promise<Response> {
    return withHeaders(await next(), (headers) => {
      if (!headers.has("Cache-Control")) headers.set("Cache-Control", value);
    });
  };
}
