/**
 * The CORS layer that Hono brings, for the peers that use it.
 *
 * @module
 */

import { cors } from "hono/cors";
import { EXPOSED, ORIGIN, PREFLIGHT } from "./_api.js";

const preflight = new Map(PREFLIGHT);

/** Hono's own layer, with the policy of the template. */
export const ownCors = cors({
  origin: [ORIGIN],
  allowMethods: preflight.get("Access-Control-Allow-Methods").split(","),
  allowHeaders: preflight.get("Access-Control-Allow-Headers").split(","),
  exposeHeaders: EXPOSED.split(","),
  maxAge: 600,
});

/** Gives the response to a preflight the headers that others send. */
export function mendPreflight(headers) {
  headers.delete("Access-Control-Expose-Headers");
  headers.set("Vary", preflight.get("Vary"));
}
