/**
 * Tells machines how the process is: whether to restart it, whether to send it
 * requests.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { type Route, route } from "./router.ts";

/** Options for {@linkcode healthRoutes}. */
export interface HealthOptions {
  /** Reads something from the store. Rejects where that is not possible. */
  ping: () => Promise<void>;
  /** Aborts when shutdown begins. */
  stopping: AbortSignal;
}

/**
 * Creates the routes that orchestrators ask.
 *
 * `GET /healthz` touches nothing: the process answers, so it lives. `GET /readyz`
 * reads the store, and says 503 where that fails and from the moment that shutdown
 * begins.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "./router.ts";
 *
 * const stopping = new AbortController().signal;
 * const serve = router(healthRoutes({ ping: async () => {}, stopping }));
 * const response = await serve(new Request("http://localhost/readyz"));
 *
 * assertEquals(await response.json(), { status: "ok" });
 * ```
 *
 * @param options What health depends on.
 * @returns The routes.
 */
export function healthRoutes({ ping, stopping }: HealthOptions): Route[] {
  return [
    route("GET /healthz", healthy),
    route("GET /readyz", async () => {
      if (stopping.aborted) throw notReady("the server is shutting down");
      await ping().catch((cause) => {
        throw notReady("the store does not answer", cause);
      });
      return healthy();
    }),
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
