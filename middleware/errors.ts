/**
 * Turns thrown errors into responses.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { type RequestState, requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode errors}. */
export interface ErrorsOptions {
  /** Receives each error that becomes a 5xx, to log it. */
  report: (error: unknown, request: Request) => void;
}

/**
 * Creates middleware that turns errors of the layers below into responses.
 *
 * Place it inside all layers that set headers, so that error responses have them.
 * Outside of CORS, a browser reports each 500 as a CORS error.
 *
 * A {@linkcode Problem} is sent as it is. Any other error becomes a 500 that
 * contains the request id and no detail; the report has the error.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const reported: unknown[] = [];
 * const serve = compose(
 *   [errors({ report: (error) => reported.push(error) })],
 *   () => {
 *     throw new Error("the disk is on fire");
 *   },
 * );
 *
 * const response = await serve(new Request("http://localhost/"));
 * assertEquals(response.status, 500);
 * assertEquals(String(reported[0]), "Error: the disk is on fire");
 * ```
 */
export function errors(options: ErrorsOptions): Middleware {
  return async function errors(request, next): Promise<Response> {
    try {
      return claim(await next(), requestState(request));
    } catch (error) {
      const problem = error instanceof Problem ? error : UNEXPECTED;
      if (problem.status >= 500) options.report(error, request);
      const { id, publicUrl } = requestState(request);
      return problem.toResponse(id, publicUrl);
    }
  };
}

/** Which request a response belongs to. A property: a WeakMap costs 0.12 µs more. */
const OWNER = Symbol("request state");

/**
 * Returns the response of the layers below, if no other request has had it. The
 * headers of a constant response would grow with each request, and have those of CORS
 * for another client; its body can be sent once.
 */
function claim(
  response: Response & { [OWNER]?: RequestState },
  state: RequestState,
): Response {
  // compose() names the layer, but not where its checks are off.
  if (!(response instanceof Response)) {
    throw new TypeError("Expected a Response from the layers below errors()");
  }
  if ((response[OWNER] ??= state) === state) return response;
  throw new TypeError(
    `Expected a new Response for each request: "${state.route}" returned one twice`,
  );
}

const UNEXPECTED = new Problem(
  "internal-error",
  "The server failed to handle this request",
);
