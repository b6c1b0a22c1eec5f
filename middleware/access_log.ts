/**
 * Logs one line for each request.
 *
 * @module
 */

import type { Log, LogLevel } from "../http/log.ts";
import { pathOf } from "../http/path_of.ts";
import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode accessLog}. */
export interface AccessLogOptions {
  /** Writes the line. */
  log: Log;
  /**
   * Routes that machines call all the time. They are logged at `debug`.
   *
   * @default {[]}
   */
  quiet?: readonly string[];
}

const MAX_LENGTH = 256;

/**
 * Creates middleware that logs each request when its response begins.
 *
 * Place it outside of all middleware that may reject a request, and of `timing()`,
 * so that the line has the actual status and duration. It never contains the query
 * string or the body, which may hold secrets and personal data.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createLog } from "../http/log.ts";
 * import { compose } from "./compose.ts";
 *
 * const lines: string[] = [];
 * const log = createLog({
 *   level: "info",
 *   format: "text",
 *   write: (line) => lines.push(line),
 *   now: () => 0,
 * });
 * const serve = compose([accessLog({ log })], () => new Response("pong"));
 *
 * await serve(new Request("http://localhost/ping?token=secret"));
 * assertEquals(lines, [
 *   "1970-01-01T00:00:00.000Z info request method=GET path=/ping status=200\n",
 * ]);
 * ```
 *
 * @param options The log, and the quiet routes.
 * @returns The middleware.
 */
export function accessLog(options: AccessLogOptions): Middleware {
  const { log } = options;
  const quiet = new Set(options.quiet);

  return async function accessLog(request, next): Promise<Response> {
    const response = await next();
    const { status } = response;
    const { id, route, cors, durationMs } = requestState(request);

    log(levelOf(status, quiet.has(route)), "request", {
      requestId: id || undefined,
      method: request.method.slice(0, MAX_LENGTH),
      path: pathOf(request.url).slice(0, MAX_LENGTH),
      route: route || undefined,
      status,
      durationMs,
      cors: cors === "none" ? undefined : cors,
    });
    return response;
  };
}

function levelOf(status: number, quiet: boolean): LogLevel {
  if (status >= 500) return "error";
  return quiet ? "debug" : "info";
}
