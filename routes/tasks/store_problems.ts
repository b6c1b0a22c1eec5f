/**
 * Says to a client what a store of tasks said to us.
 *
 * @module
 */

import { Problem } from "../../http/problem.ts";
import type { Route } from "../router.ts";
import { StoreError } from "./store.ts";

/**
 * Lets a route answer with a problem where the store says no.
 *
 * @example Usage
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Problem } from "../../http/problem.ts";
 * import { route } from "../router.ts";
 * import { StoreError } from "./store.ts";
 *
 * const { handler } = withStoreProblems(route("GET /", () => {
 *   throw new StoreError("conflict", "Cannot write: others were faster");
 * }));
 *
 * await assertRejects(
 *   async () => await handler(new Request("http://localhost/"), {}),
 *   Problem,
 *   "Cannot change the task",
 * );
 * ```
 *
 * @param route The route.
 * @returns The same route, whose answer rejects with a {@linkcode Problem} in
 * place of a {@linkcode StoreError}.
 */
export function withStoreProblems(route: Route): Route {
  return {
    ...route,
    async handler(request, params): Promise<Response> {
      try {
        return await route.handler(request, params);
      } catch (error) {
        throw error instanceof StoreError ? problemOf(error) : error;
      }
    },
  };
}

function problemOf(cause: StoreError): Problem {
  switch (cause.code) {
    case "conflict":
      return new Problem("conflict", "Cannot change the task: others did", {
        cause,
      });
    case "version-mismatch":
      return new Problem(
        "version-mismatch",
        `Cannot write: the task is at version "${cause.version}", which the condition of the request rules out`,
        { cause },
      );
    case "key-reused":
      return new Problem(
        "idempotency-key-reused",
        "Cannot create the task: the Idempotency-Key was used for another body",
        { cause },
      );
    case "unavailable":
      return new Problem("unavailable", "Cannot reach the store", {
        cause,
        headers: { "Retry-After": "1" },
      });
  }
}
