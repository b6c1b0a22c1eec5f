/**
 * Reports the duration of each request.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that sets the elapsed time on every response.
 *
 * Two headers have the same number: `X-Process-Time`, to read in `curl -i`, and
 * `Server-Timing`, which browser developer tools draw as a bar
 * ({@link https://www.w3.org/TR/server-timing/ | Server Timing}).
 *
 * The clock stops when the layers below return their response. The time of a
 * streamed body is not counted.
 *
 * @example Usage
 * ```ts
 * import { assertMatch } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([timing()], () => new Response("pong"));
 * const { headers } = await serve(new Request("http://localhost/ping"));
 *
 * assertMatch(headers.get("Server-Timing")!, /^total;dur=\d+\.\d\d$/);
 * ```
 */
export function timing(): Middleware {
  return async function timing(request, next): Promise<Response> {
    const start = performance.now();
    const response = await next();
    const elapsed = (performance.now() - start).toFixed(2);
    requestState(request).durationMs = Number(elapsed);

    return withHeaders(response, (headers) => {
      headers.set("X-Process-Time", `${elapsed}ms`);
      // append, not set: a route may have reported its own phases.
      headers.append("Server-Timing", `total;dur=${elapsed}`);
    });
  };
}
