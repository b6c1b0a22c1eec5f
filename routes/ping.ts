/**
 * The smallest route there is.
 *
 * @module
 */

import { type Operation, type Route, route } from "./router.ts";

/**
 * Creates the route `GET /ping`.
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
 */
export function pingRoutes(): Route[] {
  return [route("GET /ping", () => Response.json({ ok: true }), PING)];
}

const PING: Operation = {
  operationId: "ping",
  tags: ["Health"],
  summary: "Check that the server responds",
  description: "Goes through every middleware, but not to the store.",
  responses: {
    200: {
      description: "It does",
      json: {
        type: "object",
        required: ["ok"],
        properties: { ok: { type: "boolean" } },
      },
    },
  },
};
