/**
 * Calls Deno KV with a deadline, with retries, and with a cap on calls that never
 * got a response.
 *
 * @module
 */

import { StoreError } from "./store_error.ts";

const MAX_LOST_RACES = 50;
const MAX_ABANDONED = 100;

/**
 * Uses the database. It runs again where it resolves to `undefined`, which means that
 * another writer was faster. Before it writes it looks at the signal: that aborts when
 * the result is no longer wanted.
 */
export type Body<T> = (
  call: { readonly signal: AbortSignal },
) => Promise<T | undefined>;

/** Runs a body until it succeeds or times out. See {@linkcode Caller.call}. */
export type Call = <T>(body: Body<T>, signal?: AbortSignal) => Promise<T>;

/** A call that has no result yet. */
class Pending {
  readonly deadline: number;
  /** Rejects the call. */
  readonly reject: (reason: unknown) => void;
  /** Whether the database has been asked and has not responded. */
  isRunning = false;
  /** Why the last try failed. */
  cause: unknown;
  // Made for bodies that use the signal: most calls only read, and need none.
  #controller: AbortController | undefined;
  #end: { readonly reason: unknown } | undefined;

  constructor(deadline: number, reject: (reason: unknown) => void) {
    this.deadline = deadline;
    this.reject = reject;
  }

  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#end) this.#controller.abort(this.#end.reason);
    return this.#controller.signal;
  }

  abort(reason: unknown): void {
    this.#end ??= { reason };
    this.#controller?.abort(reason);
  }
}

/**
 * An error of a caller's own code inside a {@linkcode Body}: the call rejects with
 * its cause, which could otherwise be mistaken for an error of the database.
 */
export class CallerError extends Error {
  /** Name of the class. */
  override readonly name = "CallerError";
}

/**
 * Makes calls that all have the same time.
 *
 * So the oldest call is the first to time out, and one timer does for all of them: a
 * timer for each call would cost 2 µs.
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
  #isClosed = false;

  /**
   * Constructs a new instance.
   *
   * @param timeoutMs Milliseconds that each call may take, retries included.
   */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Runs `body` until it succeeds or times out.
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
   * @typeParam T What `body` resolves to.
   * @param signal Ends the call early: the result is no longer wanted.
   * @returns What `body` resolved to. Rejects with a {@linkcode StoreError} whose
   * code is `conflict`, `too-large` or `unavailable`, with the signal's reason, or
   * with any other error of `body` unchanged.
   */
  call: Call = async (body, signal) => {
    if (this.#isClosed) throw unavailable("it is closed");
    const isProbe = this.#abandoned.size >= MAX_ABANDONED;
    if (isProbe && this.#isProbing) {
      throw unavailable(`the last ${MAX_ABANDONED} calls got no response`);
    }
    this.#isProbing ||= isProbe;
    try {
      const result = await this.#callInTime(body, signal);
      this.#abandoned.clear();
      return result;
    } finally {
      if (isProbe) this.#isProbing = false;
    }
  };

  /** Rejects every pending call, and every later one. */
  [Symbol.dispose](): void {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    for (const pending of this.#pending) {
      this.#abort(pending, unavailable("it is closed"));
    }
  }

  #callInTime<T>(body: Body<T>, outer?: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      outer?.throwIfAborted();
      const end = (): void => {
        this.#pending.delete(pending);
        outer?.removeEventListener("abort", forward);
      };
      const pending = this.#add((reason) => {
        end();
        reject(reason);
      });
      const forward = (): void => this.#abort(pending, outer?.reason);
      outer?.addEventListener("abort", forward);
      this.#repeat(body, pending).then((result) => {
        end();
        resolve(result);
      }, (error) => {
        end();
        reject(translate(error));
      });
    });
  }

  async #repeat<T>(body: Body<T>, pending: Pending): Promise<T> {
    let lost = 0;
    for (let wait = 1;; wait = Math.min(50, wait * 2)) {
      try {
        const result = await this.#run(body, pending);
        if (result !== undefined) return result;
        if (++lost === MAX_LOST_RACES) throw conflict();
      } catch (error) {
        if (!isLocked(error)) throw error;
        pending.cause = error;
      }
      pending.signal.throwIfAborted();
      await pause(Math.random() * wait, pending.signal);
    }
  }

  async #run<T>(body: Body<T>, pending: Pending): Promise<T | undefined> {
    pending.isRunning = true;
    try {
      return await body(pending);
    } finally {
      pending.isRunning = false;
      this.#abandoned.delete(pending);
    }
  }

  #add(reject: Pending["reject"]): Pending {
    const pending = new Pending(Date.now() + this.#timeoutMs, reject);
    this.#pending.add(pending);
    this.#timer ??= setTimeout(this.#expire, this.#timeoutMs);
    return pending;
  }

  #expire = (): void => {
    this.#timer = undefined;
    for (const pending of this.#pending) {
      const left = pending.deadline - Date.now();
      // More than the timeout is left where the clock went back.
      if (left > 0 && left <= this.#timeoutMs) {
        this.#timer = setTimeout(this.#expire, left);
        return;
      }
      const why = `no response within ${this.#timeoutMs} ms`;
      this.#abort(pending, unavailable(why, pending.cause));
    }
  };

  #abort(pending: Pending, reason: unknown): void {
    this.#pending.delete(pending);
    if (pending.isRunning) this.#abandoned.add(pending);
    // Not by an event: a listener on each signal would cost more than the call.
    pending.reject(reason);
    pending.abort(reason);
  }
}

/** Waits. Never resolves once the signal has aborted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  return promise;
}

function isLocked(error: unknown): boolean {
  return error instanceof Error && /database is locked/i.test(error.message);
}

// Deno KV has no error class of its own. A file gives TypeErrors that mention the
// database, a table or the disk; a remote store plain Errors; a closed one
// BadResource. Any other TypeError is a bug and must look like one.
function translate(error: unknown): unknown {
  if (error instanceof CallerError) return error.cause;
  if (error instanceof TypeError) {
    if (/too (?:large|many)/i.test(error.message)) return tooLarge(error);
    const isFailure = /database|disk|no such table/i.test(error.message);
    return isFailure ? unavailable("the database failed", error) : error;
  }
  const isFailure = error instanceof Deno.errors.BadResource ||
    error instanceof Error && error.constructor === Error;
  return isFailure ? unavailable("the database failed", error) : error;
}

function tooLarge(cause: Error): StoreError {
  const message = `Cannot write to the store: ${cause.message}`;
  return new StoreError("too-large", message, { cause });
}

function conflict(): StoreError {
  const why = `other writers were faster ${MAX_LOST_RACES} times`;
  return new StoreError("conflict", `Cannot write to the store: ${why}`);
}

function unavailable(why: string, cause?: unknown): StoreError {
  const message = `Cannot use the store: ${why}`;
  return new StoreError("unavailable", message, { cause });
}
