/**
 * Turns errors of the store into problems that a client may see.
 *
 * @module
 */

import { Problem } from "../../http/problem.ts";
import { StoreError } from "../../store/collection.ts";
import type { Route } from "../router.ts";

/**
 * Wraps a route, so that it rejects with a {@linkcode Problem} in place of a
 * {@linkcode StoreError}.
 *
 * @example Usage
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Problem } from "../../http/problem.ts";
 * import { StoreError } from "../../store/collection.ts";
 * import { route } from "../router.ts";
 *
 * const broken = route("GET /", () => {
 *   throw new StoreError("conflict", "Lost 50 races");
 * });
 * const { handler } = withStoreProblems(broken, "task");
 *
 * await assertRejects(
 *   async () => await handler(new Request("http://localhost/"), {}),
 *   Problem,
 *   "Cannot write the task",
 * );
 * ```
 *
 * @param noun What it serves, for the messages: `task`.
 */
export function withStoreProblems(route: Route, noun: string): Route {
  return {
    ...route,
    async handler(request, params): Promise<Response> {
      try {
        return await route.handler(request, params);
      } catch (error) {
        throw error instanceof StoreError ? problemOf(error, noun) : error;
      }
    },
  };
}

function problemOf(cause: StoreError, noun: string): Problem {
  switch (cause.code) {
    case "conflict":
      return new Problem(
        "conflict",
        `Cannot write the ${noun}: other writers were faster too often`,
        { cause },
      );
    case "version-mismatch":
      return new Problem(
        "version-mismatch",
        `Cannot write the ${noun}: it is at version "${cause.version}", which the request excludes`,
        { cause },
      );
    case "key-reused":
      return new Problem(
        "idempotency-key-reused",
        `Cannot create the ${noun}: the Idempotency-Key was used for another body`,
        { cause },
      );
    case "too-large":
      return new Problem(
        "body-too-large",
        `Cannot store the ${noun}: it may have 64 KiB, and an indexed field 2 KiB`,
        { cause },
      );
    case "unavailable":
      return new Problem("unavailable", "Cannot reach the store", {
        cause,
        headers: { "Retry-After": "1" },
      });
  }
}
