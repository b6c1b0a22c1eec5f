/**
 * Logs one line a request.
 *
 * @module
 */

import { pathOf } from "../http/path_of.ts";
import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/** Writes a line of the log. */
export type WriteLog = (
  level: "debug" | "info" | "error",
  message: string,
  fields: Readonly<Record<string, string | number | undefined>>,
) => void;

/** Options for {@linkcode accessLog}. */
export interface AccessLogOptions {
  /** Writes the line. */
  log: WriteLog;
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
 * import { compose } from "./compose.ts";
 *
 * const lines: unknown[] = [];
 * const layer = accessLog({
 *   log: (level, message, { path, status }) =>
 *     lines.push([level, message, path, status]),
 * });
 * const serve = compose([layer], () => new Response("pong"));
 *
 * await serve(new Request("http://localhost/ping?token=secret"));
 * assertEquals(lines, [["info", "request", "/ping", 200]]);
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

function levelOf(status: number, quiet: boolean): Parameters<WriteLog>[0] {
  if (status >= 500) return "error";
  return quiet ? "debug" : "info";
}
