/**
 * Sets the same headers on every response.
 *
 * @module
 */

import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that sets the given headers on every response, and replaces
 * headers of the same name.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const layer = stampHeaders({ "X-Handled-By": "tasks-api" });
 * const serve = compose([layer], () => new Response("pong"));
 * const { headers } = await serve(new Request("http://localhost/ping"));
 *
 * assertEquals(headers.get("X-Handled-By"), "tasks-api");
 * ```
 *
 * @throws {TypeError} If a name or a value is not valid in a header.
 */
export function stampHeaders(stamps: Record<string, string>): Middleware {
  const pairs = Object.entries(stamps);
  new Headers(pairs); // Throws at the start, not at the first request.

  return async function stampHeaders(_request, next): Promise<Response> {
    return withHeaders(await next(), (headers) => {
      for (const [name, value] of pairs) headers.set(name, value);
    });
  };
}
