/**
 * Adds the route to OpenTelemetry spans and metrics.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/** The part of an OpenTelemetry span that is used here. */
export interface Span {
  /** Sets an attribute of the span. */
  setAttribute(name: string, value: string): void;
  /** Renames the span. */
  updateName(name: string): void;
}

/** Options for {@linkcode telemetry}. */
export interface TelemetryOptions {
  /**
   * Returns the span of the current request.
   *
   * @default {the span of Deno.serve}
   */
  activeSpan?: () => Span | undefined;
}

/**
 * Creates middleware that names the span of a request after its route, and sets
 * `http.route` on the span and on Deno's own metrics
 * ({@link https://opentelemetry.io/docs/specs/semconv/http/http-spans/ | semantic conventions}).
 *
 * With `OTEL_DENO=true` Deno starts a span for each request, but does not know the
 * route. Without it there is no span, and the middleware does nothing.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { requestState } from "../http/request_state.ts";
 * import { compose } from "./compose.ts";
 *
 * const names: string[] = [];
 * const span = { setAttribute: () => {}, updateName: (name: string) => names.push(name) };
 * const serve = compose([telemetry({ activeSpan: () => span })], (request) => {
 *   requestState(request).route = "/tasks/:id";
 *   return new Response();
 * });
 *
 * await serve(new Request("http://localhost/tasks/1"));
 * assertEquals(names, ["GET /tasks/:id"]);
 * ```
 *
 * @param options Additional options.
 * @returns The middleware.
 */
export function telemetry(options: TelemetryOptions = {}): Middleware {
  const { activeSpan = denoSpan } = options;

  return async function telemetry(request, next): Promise<Response> {
    const span = activeSpan();
    const response = await next();
    const { route } = requestState(request);
    if (span !== undefined && route !== "") {
      span.setAttribute("http.route", route);
      span.updateName(
        `${METHODS.test(request.method) ? request.method : "HTTP"} ${route}`,
      );
    }
    return response;
  };
}

// By the conventions: a method that a client made up is not part of a span's name.
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

function denoSpan(): Span | undefined {
  return Deno.telemetry.contextManager.active()?.getValue?.(SPAN);
}
