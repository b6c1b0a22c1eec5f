/**
 * Reports the duration of each request.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode timing}. */
export interface TimingOptions {
  /**
   * Clock that returns milliseconds. Tests pass a fixed one.
   *
   * @default {performance.now}
   */
  now?: () => number;
}

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
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const ticks = [100, 112.34];
 * const serve = compose(
 *   [timing({ now: () => ticks.shift()! })],
 *   () => new Response("pong"),
 * );
 *
 * const response = await serve(new Request("http://localhost/ping"));
 * assertEquals(response.headers.get("X-Process-Time"), "12.34ms");
 * assertEquals(response.headers.get("Server-Timing"), "total;dur=12.34");
 * ```
 */
export function timing(options: TimingOptions = {}): Middleware {
  const { now = () => performance.now() } = options;

  return async function timing(request, next): Promise<Response> {
    const start = now();
    const response = await next();
    const elapsed = (now() - start).toFixed(2);
    requestState(request).durationMs = Number(elapsed);

    return withHeaders(response, (headers) => {
      headers.set("X-Process-Time", `${elapsed}ms`);
      // append, not set: a route may have reported its own phases.
      headers.append("Server-Timing", `total;dur=${elapsed}`);
    });
  };
}
