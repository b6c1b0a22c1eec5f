/**
 * Calls Deno KV until it answers, but not for ever.
 *
 * @module
 */

import { createExpiry, type Expiry } from "../../http/expiry.ts";
import { StoreError } from "./store.ts";

const MOST_LOST_RACES = 50;

/**
 * Runs `body` until it has a result or the time is up.
 *
 * It runs again, after a short wait of random length, where it resolves to
 * `undefined`: it lost a race, which may happen 50 times; and where the database
 * is locked: SQLite lets one connection write and tells others so at once, and
 * nothing was written.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let calls = 0;
 * const result = await attempt(
 *   1000,
 *   () => Promise.resolve(++calls < 3 ? undefined : "done"),
 * );
 *
 * assertEquals([result, calls], ["done", 3]);
 * ```
 *
 * @typeParam T What `body` resolves to.
 * @param timeoutMs How long to wait, in milliseconds.
 * @param body Calls the database. Before it writes it can ask whether it is over:
 * nobody waits for the result then.
 * @param signal Aborts when the caller waits no longer, though there is time.
 * @returns What `body` resolved to. Rejects with a {@linkcode StoreError}:
 * `conflict` where too many races were lost, `unavailable` where the time is up
 * or the database failed; and with any other error of `body` as it is.
 */
export async function attempt<T>(
  timeoutMs: number,
  body: Body<T>,
  signal?: AbortSignal,
): Promise<T> {
  using expiry = createExpiry(timeoutMs);
  return await attemptBefore(expiry, body, signal);
}

/**
 * Does what {@linkcode attempt} does, with a timer that many calls share.
 *
 * @typeParam T What `body` resolves to.
 * @param expiry Lets the time be up.
 * @param body Calls the database.
 * @param signal Aborts when the caller waits no longer, though there is time.
 * @returns What `body` resolved to.
 */
export function attemptBefore<T>(
  expiry: Expiry,
  body: Body<T>,
  signal?: AbortSignal,
): Promise<T> {
  const state: State = {
    ended: false,
    isOver: () => state.ended || signal?.aborted === true,
  };
  return new Promise((resolve, reject) => {
    const entry = expiry.add(() => {
      end();
      reject(
        unavailable(`no answer within ${expiry.ms} ms`, state.reason),
      );
    });
    function end(): void {
      state.ended = true;
      expiry.remove(entry);
      clearTimeout(state.pause);
    }
    repeat(body, state).then((result) => {
      end();
      resolve(result);
    }, (error) => {
      // A call that fails after its time is up does so here, where nobody minds.
      end();
      reject(
        isFailure(error) ? unavailable("the database failed", error) : error,
      );
    });
  });
}

/** Calls the database, and resolves to `undefined` where it lost a race. */
export type Body<T> = (isOver: () => boolean) => Promise<T | undefined>;

interface State {
  /** Whether there is a result, or the time is up. */
  ended: boolean;
  /** Tells whether nobody waits any more. */
  isOver: () => boolean;
  /** Why the body has to run again. */
  reason?: unknown;
  /** Until when it does not. */
  pause?: ReturnType<typeof setTimeout>;
}

async function repeat<T>(body: Body<T>, state: State): Promise<T> {
  let lost = 0;
  for (let wait = 1; !state.isOver(); wait = Math.min(50, wait * 2)) {
    try {
      const result = await body(state.isOver);
      if (result !== undefined) return result;
      if (++lost === MOST_LOST_RACES) break;
    } catch (error) {
      if (!isLocked(error)) throw error;
      state.reason = error;
    }
    if (!state.isOver()) await pause(Math.random() * wait, state);
  }
  const why = `other writers were faster ${MOST_LOST_RACES} times`;
  throw new StoreError("conflict", `Cannot write to the store: ${why}`);
}

function pause(ms: number, state: State): Promise<void> {
  return new Promise((resolve) => state.pause = setTimeout(resolve, ms));
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked/i.test(error.message);
}

// Deno KV has no class of its own for errors. A file gives TypeErrors that speak
// of the database, a table or the disk, a remote store plain Errors, a closed one
// BadResource. Any other TypeError is a mistake of ours and must look like one.
function isFailure(error: unknown): boolean {
  if (error instanceof TypeError) {
    return /database|disk|no such table/i.test(error.message);
  }
  return error instanceof Deno.errors.BadResource ||
    error instanceof Error && error.constructor === Error;
}

function unavailable(why: string, cause: unknown): StoreError {
  return new StoreError("unavailable", `Cannot use the store: ${why}`, {
    cause,
  });
}
