/**
 * Calls Deno KV with a deadline, with retries, and with a cap on calls that never
 * got a response.
 *
 * @module
 */

import { StoreError } from "./collection.ts";

const MAX_LOST_RACES = 50;
const LOST =
  `Cannot write to the store: other writers were faster ${MAX_LOST_RACES} times`;
const MAX_ABANDONED = 100;

/** Whether a result is no longer wanted. An `AbortController` a call would cost more. */
export type Signal = Pick<AbortSignal, "aborted">;

/**
 * Uses the database. It runs again where it resolves to `undefined`, which means that
 * another writer was faster. It does not begin to write once the signal has aborted.
 */
export type Body<T> = (signal: Signal) => Promise<T | undefined>;

/** Runs a body until it succeeds or times out. See {@linkcode Caller.call}. */
export type Call = <T>(body: Body<T>, signal?: AbortSignal) => Promise<T>;

/** A call that has no result yet. */
interface Pending {
  readonly deadline: number;
  readonly reject: (reason: unknown) => void;
  aborted: boolean;
  /** Whether the database has been asked and has not responded. */
  isRunning: boolean;
  /** Why the last try failed. */
  cause?: unknown;
  /** Begins the next try. */
  timer?: ReturnType<typeof setTimeout>;
}

/**
 * An error of a caller's own code inside a {@linkcode Body}: the call rejects with
 * its cause, which could otherwise be mistaken for an error of the database.
 */
export class CallerError extends Error {}

/**
 * Makes calls that all have the same time. So the oldest call is the first to time
 * out, and one timer does for all of them: a timer for each would cost 2 µs.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using caller = new Caller(1000);
 * let tries = 0;
 * const result = await caller.call(
 *   () => Promise.resolve(++tries < 3 ? undefined : "done"),
 * );
 *
 * assertEquals([result, tries], ["done", 3]);
 * ```
 */
export class Caller implements Disposable {
  readonly #timeoutMs: number;
  /** In the order of their deadlines: a set keeps the order of insertion. */
  readonly #pending = new Set<Pending>();
  readonly #abandoned = new Set<Pending>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isProbing = false;
  /** Why, once it is closed. */
  #closed: string | undefined;

  /** Constructs a new instance, whose calls time out after `timeoutMs`. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Runs `body` until it succeeds, times out, or the signal aborts.
   *
   * It runs again, after a short random wait, where it lost a race (up to 50 times)
   * and where the database is locked: SQLite lets one connection write, and rejects
   * others immediately, with nothing written.
   *
   * A remote store resends a call until it gets a response, even when the result is
   * no longer wanted. During an outage such calls would pile up without bound and
   * keep the store busy afterwards. So once 100 of them are under way, one call at a
   * time goes through and others fail fast, until one succeeds.
   *
   * @returns What `body` resolved to. Rejects with a {@linkcode StoreError} whose
   * code is `conflict`, `too-large` or `unavailable`, with the signal's reason, or
   * with any other error of `body` unchanged.
   */
  call: Call = async <T>(body: Body<T>, signal?: AbortSignal): Promise<T> => {
    if (this.#closed) throw unavailable(this.#closed);
    signal?.throwIfAborted();
    const isProbe = this.#abandoned.size >= MAX_ABANDONED;
    if (isProbe && this.#isProbing) {
      throw unavailable(`the last ${MAX_ABANDONED} calls got no response`);
    }
    this.#isProbing ||= isProbe;
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const pending = this.#add(reject);
    const abort = (): void => this.#abort(pending, signal!.reason);
    signal?.addEventListener("abort", abort);
    this.#repeat(body, pending).then(resolve, reject);
    try {
      const result = await promise;
      this.#abandoned.clear();
      return result;
    } finally {
      this.#pending.delete(pending);
      signal?.removeEventListener("abort", abort);
      if (isProbe) this.#isProbing = false;
    }
  };

  /** Rejects every pending call, and every later one. */
  close(why: string): void {
    this.#closed = why;
    clearTimeout(this.#timer);
    for (const pending of this.#pending) {
      this.#abort(pending, unavailable(why));
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.close("it is closed");
  }

  #add(reject: Pending["reject"]): Pending {
    const deadline = performance.now() + this.#timeoutMs;
    const pending = { deadline, reject, aborted: false, isRunning: false };
    this.#pending.add(pending);
    this.#timer ??= setTimeout(this.#expire, this.#timeoutMs);
    return pending;
  }

  async #repeat<T>(body: Body<T>, pending: Pending): Promise<T> {
    for (let [lost, wait] = [0, 1];; wait = Math.min(50, wait * 2)) {
      pending.isRunning = true;
      try {
        const result = await body(pending);
        if (result !== undefined) return result;
        if (++lost === MAX_LOST_RACES) throw new StoreError("conflict", LOST);
      } catch (error) {
        if (!isLocked(error)) throw translate(error);
        pending.cause = error;
      } finally {
        pending.isRunning = false;
        this.#abandoned.delete(pending);
      }
      await new Promise((again) => {
        // Where the call is over, it does not continue.
        if (pending.aborted) return;
        pending.timer = setTimeout(again, Math.random() * wait);
      });
    }
  }

  #expire = (): void => {
    this.#timer = undefined;
    for (const pending of this.#pending) {
      const left = pending.deadline - performance.now();
      if (left > 0) {
        this.#timer = setTimeout(this.#expire, left);
        return;
      }
      const why = `no response within ${this.#timeoutMs} ms`;
      this.#abort(pending, unavailable(why, pending.cause));
    }
  };

  #abort(pending: Pending, reason: unknown): void {
    if (pending.isRunning) this.#abandoned.add(pending);
    pending.aborted = true;
    clearTimeout(pending.timer);
    pending.reject(reason);
  }
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked/i.test(error.message);
}

// Deno KV has no error class of its own. A file gives TypeErrors that mention the
// database, a table or the disk; a remote store plain Errors; a closed one
// BadResource. Any other TypeError is a bug and must look like one.
function translate(error: unknown): unknown {
  if (error instanceof CallerError) return error.cause;
  if (!(error instanceof Error)) return error;
  const { constructor: type, message } = error;
  if (type === TypeError && /too (?:large|many)/i.test(message)) {
    const detail = `Cannot write to the store: ${message}`;
    return new StoreError("too-large", detail, { cause: error });
  }
  const isFailure = type === TypeError
    ? /database|disk|no such table/i.test(message)
    : type === Deno.errors.BadResource || type === Error;
  return isFailure ? unavailable("the database failed", error) : error;
}

function unavailable(why: string, cause?: unknown): StoreError {
  return new StoreError("unavailable", `Cannot use the store: ${why}`, {
    cause,
  });
}
