/**
 * Answers whether somebody is there.
 *
 * @module
 */

import { type Route, route } from "./router.ts";

/**
 * Creates the route `GET /ping`, the smallest there is.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "./router.ts";
 *
 * const serve = router(pingRoutes());
 * const response = await serve(new Request("http://localhost/ping"));
 *
 * assertEquals(await response.json(), { ok: true });
 * ```
 *
 * @returns The routes.
 */
export function pingRoutes(): Route[] {
  return [route("GET /ping", () => Response.json({ ok: true }))];
}
