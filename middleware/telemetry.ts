/**
 * Adds the route to OpenTelemetry spans and metrics.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

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
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([telemetry()], () => new Response("hello"));
 * const response = await serve(new Request("http://localhost/"));
 *
 * assertEquals(response.status, 200);
 * ```
 */
export function telemetry(): Middleware {
  return async function telemetry(request, next): Promise<Response> {
    const span: Span | undefined = Deno.telemetry.contextManager.active()
      ?.getValue?.(SPAN);
    const response = await next();
    const { route } = requestState(request);
    if (span !== undefined && route !== "") {
      const method = METHODS.test(request.method) ? request.method : "HTTP";
      span.setAttribute("http.route", route);
      span.updateName(`${method} ${route}`);
    }
    return response;
  };
}

// By the conventions: a method that a client made up is not part of a span's name.
const METHODS = /^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$/;

const SPAN = Symbol.for("OpenTelemetry Context Key SPAN");

/** The part of an OpenTelemetry span that is used here. */
interface Span {
  setAttribute(name: string, value: string): void;
  updateName(name: string): void;
}
