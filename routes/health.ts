/**
 * Health checks: whether to restart the process, and whether to send it requests.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { type Operation, type Route, route } from "./router.ts";

/** Paths that are requested every few seconds: not logged, never limited. */
export const HEALTH_PATHS: readonly string[] = ["/healthz", "/readyz"];

/**
 * Creates the routes for orchestrators.
 *
 * `GET /healthz` touches nothing: the process responds, so it is alive. `GET /readyz`
 * reads from the store; it is 503 where that fails, and once shutdown begins.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "./router.ts";
 *
 * const stopping = new AbortController().signal;
 * const serve = router(healthRoutes(async () => {}, stopping));
 * const response = await serve(new Request("http://localhost/readyz"));
 *
 * assertEquals(await response.json(), { status: "ok" });
 * ```
 *
 * @param ping Reads from the store. Rejects where that fails.
 * @param stopping Aborts when shutdown begins.
 */
export function healthRoutes(
  ping: () => Promise<void>,
  stopping: AbortSignal,
): Route[] {
  return [
    route("GET /healthz", healthy, HEALTH),
    route("GET /readyz", async () => {
      if (stopping.aborted) throw notReady("the server is shutting down");
      await ping().catch((cause) => {
        throw notReady("the store does not respond", cause);
      });
      return healthy();
    }, READINESS),
  ];
}

function healthy(): Response {
  const response = Response.json({ status: "ok" });
  response.headers.set("Cache-Control", "no-store");
  return response;
}

function notReady(why: string, cause?: unknown): Problem {
  return new Problem("unavailable", `Cannot take requests: ${why}`, {
    cause,
    headers: { "Retry-After": "1", "Cache-Control": "no-store" },
  });
}

const HEALTH: Operation = {
  operationId: "getHealth",
  tags: ["Health"],
  summary: "Check that the process is alive",
  description:
    "Touches nothing. Where it does not respond, restart the process.",
  responses: {
    200: {
      description: "It does",
      json: {
        type: "object",
        required: ["status"],
        properties: { status: { type: "string", const: "ok" } },
      },
    },
  },
};

const READINESS: Operation = {
  ...HEALTH,
  operationId: "getReadiness",
  summary: "Check that the server takes requests",
  description: "Reads from the store. It is 503 once shutdown begins.",
};
