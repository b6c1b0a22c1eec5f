/**
 * Calls Deno KV until it answers, but not for ever.
 *
 * @module
 */

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
 * @param body Calls the database.
 * @returns What `body` resolved to. Rejects with a {@linkcode StoreError}:
 * `conflict` where too many races were lost, `unavailable` where the time is up
 * or the database failed; and with any other error of `body` as it is.
 */
export async function attempt<T>(
  timeoutMs: number,
  body: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = new Deadline(timeoutMs);
  try {
    // The loser of this race may reject later on. It counts as handled.
    return await Promise.race([repeat(body, deadline), deadline.passed]);
  } catch (error) {
    throw isFailure(error) ? unavailable("the database failed", error) : error;
  } finally {
    deadline.cancel();
  }
}

/** Rejects when the time is up. */
class Deadline {
  /** Whether nobody waits any more. */
  over = false;
  /** The last reason to try again. */
  reason: unknown;
  readonly passed: Promise<never>;
  readonly #timer: ReturnType<typeof setTimeout>;

  constructor(ms: number) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.passed = promise;
    this.#timer = setTimeout(() => {
      this.over = true;
      reject(unavailable(`no answer within ${ms} ms`, this.reason));
    }, ms);
  }

  cancel(): void {
    this.over = true;
    clearTimeout(this.#timer);
  }
}

async function repeat<T>(
  body: () => Promise<T | undefined>,
  deadline: Deadline,
): Promise<T> {
  let lost = 0;
  for (let wait = 1; !deadline.over; wait = Math.min(50, wait * 2)) {
    try {
      const result = await body();
      if (result !== undefined) return result;
      if (++lost === MOST_LOST_RACES) throw lostEveryRace();
    } catch (error) {
      if (!isLocked(error)) throw error;
      deadline.reason = error;
    }
    await new Promise((resolve) => setTimeout(resolve, Math.random() * wait));
  }
  return await deadline.passed;
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked/i.test(error.message);
}

// Deno KV has no class for its errors. A file gives TypeErrors that speak of the
// database or the disk, a remote store plain Errors, a closed one BadResource.
// Other TypeErrors are mistakes of ours, and are to look like it.
function isFailure(error: unknown): boolean {
  return error instanceof TypeError
    ? /\bdatabase\b|\bdisk\b|sqlite/i.test(error.message)
    : error instanceof Deno.errors.BadResource ||
      error instanceof Deno.errors.Interrupted ||
      error instanceof Error && error.constructor === Error;
}

function lostEveryRace(): StoreError {
  return new StoreError(
    "conflict",
    `Cannot write to the store: other writers were faster ${MOST_LOST_RACES} times`,
  );
}

function unavailable(why: string, cause: unknown): StoreError {
  return new StoreError(
    "unavailable",
    `Cannot reach the store: ${why}`,
    { cause },
  );
}
