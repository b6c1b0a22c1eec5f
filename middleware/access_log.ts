/**
 * Logs one line for each request.
 *
 * @module
 */

import { pathOf } from "../http/path_of.ts";
import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode accessLog}. */
export interface AccessLogOptions {
  /** Writes a line of the log. */
  log: (
    level: "debug" | "info" | "error",
    message: string,
    fields: Readonly<Record<string, string | number | undefined>>,
  ) => void;
  /** Routes that machines call all the time. They are logged at `debug`. */
  quiet?: readonly string[];
  /** Whether a line has the address of the client. @default {true} */
  withClient?: boolean;
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
 * import { compose } from "./compose.ts";
 *
 * const lines: unknown[] = [];
 * const layer = accessLog({
 *   log: (level, _message, { path }) => lines.push([level, path]),
 * });
 * const serve = compose([layer], () => new Response("pong"));
 *
 * await serve(new Request("http://localhost/ping?token=secret"));
 * assertEquals(lines, [["info", "/ping"]]);
 * ```
 */
export function accessLog(options: AccessLogOptions): Middleware {
  const { log, withClient = true } = options;
  const quiet = new Set(options.quiet);

  return async function accessLog(request, next): Promise<Response> {
    const response = await next();
    const { status } = response;
    const state = requestState(request);
    const usual = quiet.has(state.route) ? "debug" : "info";

    log(status >= 500 ? "error" : usual, "request", {
      requestId: state.id || undefined,
      client: withClient && state.client || undefined,
      method: request.method.slice(0, MAX_LENGTH),
      path: pathOf(request.url).slice(0, MAX_LENGTH),
      route: state.route || undefined,
      status,
      durationMs: state.durationMs,
      cors: state.cors === "none" ? undefined : state.cors,
      corsReason: state.corsReason || undefined,
    });
    return response;
  };
}
