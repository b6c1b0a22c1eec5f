/**
 * Logs one line a request.
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
   * Routes that are asked all the time by machines. They are logged at `debug`.
   *
   * @default {[]}
   */
  quiet?: readonly string[];
}

const MAX_LENGTH = 256;

/**
 * Creates a layer that logs each request when its response is on its way.
 *
 * Place it outside of everything that may refuse a request: the line tells what
 * really went out, and how long it took where `timing()` is below. A query string or
 * a body, where secrets and personal data live, is never in it.
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
 * @param options Where to log, and what to keep quiet about.
 * @returns The layer.
 */
export function accessLog(options: AccessLogOptions): Middleware {
  const { log } = options;
  const quiet = new Set(options.quiet);

  return async function accessLog(request, next): Promise<Response> {
    const response = await next();
    const { status } = response;
    const { id, route, cors, corsReason, durationMs } = requestState(request);

    log(levelOf(status, quiet.has(route)), "request", {
      requestId: id || undefined,
      method: request.method.slice(0, MAX_LENGTH),
      path: pathOf(request.url).slice(0, MAX_LENGTH),
      route: route || undefined,
      status,
      durationMs,
      cors: cors === "none" ? undefined : cors,
      corsReason: corsReason || undefined,
    });
    return response;
  };
}

function levelOf(status: number, quiet: boolean): LogLevel {
  if (status >= 500) return "error";
  return quiet ? "debug" : "info";
}
