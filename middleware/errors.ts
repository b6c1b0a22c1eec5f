/**
 * Turns thrown errors into responses.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode errors}. */
export interface ErrorsOptions {
  /** Receives each error that is answered with a 5xx, to log it. */
  report: (error: unknown, request: Request) => void;
}

/**
 * Creates a layer that answers for the layers below when they throw.
 *
 * Place it inside CORS, timing and the stamped headers: they then decorate error
 * responses too, so that a page can read a 500. Outside of CORS a browser would
 * report each 500 as a failure of CORS.
 *
 * A {@linkcode Problem} is answered as it is. Of any other error the client learns
 * nothing but the request id; the report has the rest.
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
 * assertEquals((await response.json()).type, "/problems/internal-error");
 * assertEquals(String(reported[0]), "Error: the disk is on fire");
 * ```
 *
 * @param options Where to report unexpected errors.
 * @returns The layer.
 */
export function errors(options: ErrorsOptions): Middleware {
  return async function errors(request, next): Promise<Response> {
    try {
      const response = await next();
      if (response instanceof Response) return response;
      throw new TypeError(USELESS);
    } catch (thrown) {
      const { id, blame } = requestState(request);
      const error = thrown instanceof TypeError && blame
        ? await blame(thrown)
        : thrown;
      const problem = error instanceof Problem ? error : UNEXPECTED;
      if (problem.status >= 500) options.report(error, request);
      return problem.toResponse(id);
    }
  };
}

// For a chain that is not made by `compose()`, or lies within another one.
const USELESS =
  'Cannot answer: what is below errors() gave no Response (is a "return" missing?)';

const UNEXPECTED = new Problem(
  "internal-error",
  "The server could not handle this request",
);
