/**
 * Keeps calls that have no answer from piling up.
 *
 * @module
 */

import type { Body } from "./kv_attempt.ts";
import { StoreError } from "./store.ts";

/** Calls the database, with a deadline. See `attempt()` in `kv_attempt.ts`. */
export type Call = <T>(body: Body<T>, signal?: AbortSignal) => Promise<T>;

/** Calls that are given up on and may still be under way. */
const MOST_ABANDONED = 100;

/**
 * Wraps calls of the database, so that at most a hundred are left behind.
 *
 * A remote store sends a call again and again until it is answered, also where
 * nobody waits for it any more. Through an outage that would grow without bound,
 * and what was left behind would keep the store busy when it is back. So from the
 * hundredth on one call at a time is let through; others are told at once that
 * the store is unavailable. The first that succeeds lets all through again.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { attempt } from "./kv_attempt.ts";
 *
 * const call = breaker((body, signal) => attempt(1000, body, signal));
 *
 * assertEquals(await call(() => Promise.resolve("done")), "done");
 * ```
 *
 * @param attempt Calls the database, with a deadline.
 * @returns The same, which may also reject with a {@linkcode StoreError} whose
 * code is `unavailable`.
 */
export function breaker(attempt: Call): Call {
  const abandoned = new Set<unknown>();
  let probing = false;

  return async function call<T>(
    body: Body<T>,
    signal?: AbortSignal,
  ): Promise<T> {
    const isProbe = abandoned.size >= MOST_ABANDONED;
    if (isProbe && probing) throw unavailable();
    probing ||= isProbe;
    let running = false;
    async function run(isOver: () => boolean): Promise<T | undefined> {
      running = true;
      try {
        return await body(isOver);
      } finally {
        running = false;
        abandoned.delete(run);
      }
    }
    try {
      const result = await attempt(run, signal);
      abandoned.clear();
      return result;
    } catch (error) {
      if (running) abandoned.add(run);
      throw error;
    } finally {
      if (isProbe) probing = false;
    }
  };
}

function unavailable(): StoreError {
  return new StoreError(
    "unavailable",
    `Cannot use the store: it has not answered the last ${MOST_ABANDONED} calls`,
  );
}
