/**
 * Stamps the same headers on every response.
 *
 * @module
 */

import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates a layer that sets the given headers on every response, in place of any
 * of the same name from below.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose(
 *   [stampHeaders({ "X-Handled-By": "tasks-api" })],
 *   () => new Response("pong"),
 * );
 *
 * const response = await serve(new Request("http://localhost/ping"));
 * assertEquals(response.headers.get("X-Handled-By"), "tasks-api");
 * ```
 *
 * @param stamps Names and values of the headers.
 * @returns The layer.
 * @throws {TypeError} If a name or a value cannot stand in a header: at start, not
 * at the first request.
 */
export function stampHeaders(stamps: Record<string, string>): Middleware {
  const pairs = Object.entries(stamps);
  new Headers(pairs); // Throws now rather than at the first request.

  function stamp(headers: Headers): void {
    for (const [name, value] of pairs) headers.set(name, value);
  }

  return async function stampHeaders(_request, next): Promise<Response> {
    return withHeaders(await next(), stamp);
  };
}
