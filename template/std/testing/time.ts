/**
 * Takes over the clock, so that tests of timers need not wait.
 *
 * @example Usage
 * ```ts
 * import { FakeTime } from "@std/testing/time";
 * import { assert, assertFalse } from "@std/assert";
 *
 * using time = new FakeTime();
 * const signal = AbortSignal.timeout(5_000);
 *
 * time.tick(4_999);
 * assertFalse(signal.aborted);
 * time.tick(1);
 * assert(signal.aborted);
 * ```
 *
 * @module
 */

import {
  endFakes,
  fakeGlobals,
  real,
  restoreGlobals,
} from "./_fake_globals.ts";
import { TimerQueue } from "./_timer_queue.ts";
import { TimeError } from "./time_error.ts";

export * from "./time_error.ts";

const { setTimeout, clearTimeout, setInterval, clearInterval } = real;

/** Options for {@linkcode FakeTime}. */
export interface FakeTimeOptions {
  /**
   * How many times faster than real time fake time passes by itself. If it is
   * zero, time passes only when the test moves it.
   *
   * @default {0}
   */
  advanceRate: number;
  /**
   * How often time passes by itself, in milliseconds of real time.
   *
   * @default {10}
   */
  advanceFrequency?: number;
}

/** Options for {@linkcode FakeTime.delay}. */
export interface DelayOptions {
  /** Ends the delay early, with an error. */
  signal?: AbortSignal;
  /**
   * Whether the process stays alive for the delay.
   *
   * @default {true}
   */
  persistent?: boolean;
}

/**
 * A clock that the test moves. While it exists, `Date`, `setTimeout()`,
 * `setInterval()`, their counterparts and `AbortSignal.timeout()` go by it.
 *
 * Declare it with `using`, so that real time comes back when the test ends.
 *
 * @example Usage
 * ```ts
 * import { FakeTime } from "@std/testing/time";
 * import { assertEquals } from "@std/assert";
 *
 * using time = new FakeTime("2026-01-01T00:00:00Z");
 * let calls = 0;
 * setInterval(() => calls++, 1_000);
 *
 * time.tick(3_500);
 *
 * assertEquals(calls, 3);
 * assertEquals(new Date().toISOString(), "2026-01-01T00:00:03.500Z");
 * ```
 */
export class FakeTime {
  static #current: FakeTime | undefined;
  #timers: TimerQueue;
  #start: number;
  #advancer: ReturnType<typeof setInterval> | undefined;

  /**
   * Takes over the clock.
   *
   * @param start The time to begin with. The default is the real time.
   * @param options Additional options.
   * @throws {TimeError} If time is faked already.
   * @throws {TypeError} If the start is not a time.
   */
  constructor(
    start?: number | string | Date | null,
    options?: FakeTimeOptions,
  ) {
    if (FakeTime.#current) {
      throw new TimeError("Cannot construct FakeTime: time is already faked");
    }
    this.#start = Math.floor(new Date(start ?? Date.now()).valueOf());
    if (Number.isNaN(this.#start)) {
      throw new TypeError(
        `Cannot construct FakeTime: invalid start time ${this.#start}`,
      );
    }
    this.#timers = new TimerQueue(this.#start);
    FakeTime.#current = this;
    fakeGlobals(this.#timers);

    const rate = options?.advanceRate ?? 0;
    const frequency = Math.max(0, options?.advanceFrequency ?? 10);
    if (rate > 0) {
      this.#advancer = setInterval(
        () => this.tick(rate * frequency),
        frequency,
      );
    }
  }

  /**
   * Brings back real time. Called at the end of the block if the clock was
   * declared with `using`.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals, assertNotEquals } from "@std/assert";
   *
   * {
   *   using _time = new FakeTime(0);
   *   assertEquals(Date.now(), 0);
   * }
   * assertNotEquals(Date.now(), 0);
   * ```
   */
  [Symbol.dispose](): void {
    this.restore();
  }

  /**
   * Brings back real time, whoever faked it.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertNotEquals } from "@std/assert";
   *
   * new FakeTime(0);
   * FakeTime.restore();
   * assertNotEquals(Date.now(), 0);
   * ```
   *
   * @throws {TimeError} If time is not faked.
   */
  static restore(): void {
    if (!FakeTime.#current) throw alreadyRestored();
    FakeTime.#current.restore();
  }

  /**
   * Calls a function in real time. If it returns a promise, time stays real
   * until that is settled.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals, assertNotEquals } from "@std/assert";
   *
   * using _time = new FakeTime(0);
   * assertNotEquals(await FakeTime.restoreFor(() => Date.now()), 0);
   * assertEquals(Date.now(), 0);
   * ```
   *
   * @typeParam T The type of the result.
   * @param callback The function to call.
   * @param args Arguments for the function.
   * @returns What the function returns.
   * @throws {TimeError} If time is not faked.
   */
  static restoreFor<T>(
    // deno-lint-ignore no-explicit-any
    callback: (...args: any[]) => Promise<T> | T,
    // deno-lint-ignore no-explicit-any
    ...args: any[]
  ): Promise<T> {
    const time = FakeTime.#current;
    if (!time) {
      return Promise.reject(
        new TimeError("Cannot restore time: time is not faked"),
      );
    }
    const fakeAgain = () => fakeGlobals(time.#timers);
    restoreGlobals();
    try {
      const result = callback(...args);
      if (result instanceof Promise) return result.finally(fakeAgain);
      fakeAgain();
      return Promise.resolve(result);
    } catch (error) {
      fakeAgain();
      return Promise.reject(error);
    }
  }

  /**
   * The current time, in milliseconds since 1970.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals } from "@std/assert";
   *
   * using time = new FakeTime(1_000);
   * assertEquals(time.now, 1_000);
   * ```
   *
   * @returns The current time.
   */
  get now(): number {
    return this.#timers.now;
  }

  /**
   * Moves time on and calls the timers that fall due. If one throws, time stays
   * there.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals, assertThrows } from "@std/assert";
   *
   * using time = new FakeTime(1_000);
   * time.now = 5_000;
   * assertEquals(Date.now(), 5_000);
   * assertThrows(() => time.now = 0, RangeError);
   * ```
   *
   * @param value The time to move to.
   * @throws {RangeError} If that time is past.
   */
  set now(value: number) {
    if (value < this.now) {
      throw new RangeError(
        `Cannot set current time in the past, time must be >= ${this.now}: received ${value}`,
      );
    }
    this.#timers.advance(value);
  }

  /**
   * The time that the clock began with, in milliseconds since 1970.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals } from "@std/assert";
   *
   * using time = new FakeTime(1_000);
   * time.tick(500);
   * assertEquals(time.start, 1_000);
   * ```
   *
   * @returns The start time.
   */
  get start(): number {
    return this.#start;
  }

  /**
   * Waits in real time. Fake time stands still meanwhile.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals } from "@std/assert";
   *
   * using time = new FakeTime(1_000);
   * await time.delay(5);
   * assertEquals(time.now, 1_000);
   * ```
   *
   * @param ms How long, in milliseconds.
   * @param options Additional options.
   */
  async delay(ms: number, options: DelayOptions = {}): Promise<void> {
    const { signal } = options;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    function abort(): void {
      reject(new DOMException("Delay was aborted.", "AbortError"));
    }
    if (signal?.aborted) abort();
    signal?.addEventListener("abort", abort, { once: true });
    const timer = setTimeout(resolve, ms);
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", abort);
    }
  }

  /**
   * Lets pending promises run.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assert } from "@std/assert";
   *
   * using time = new FakeTime();
   * let done = false;
   * Promise.resolve().then(() => done = true);
   *
   * await time.runMicrotasks();
   * assert(done);
   * ```
   */
  async runMicrotasks(): Promise<void> {
    await this.delay(0);
  }

  /**
   * Moves time on by some milliseconds and calls the timers that fall due.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertSpyCalls, spy } from "@std/testing/mock";
   *
   * using time = new FakeTime();
   * const callback = spy();
   * setTimeout(callback, 1_000);
   *
   * time.tick(999);
   * assertSpyCalls(callback, 0);
   * time.tick(1);
   * assertSpyCalls(callback, 1);
   * ```
   *
   * @param ms How far to move.
   */
  tick(ms = 0): void {
    this.now += ms;
  }

  /**
   * Lets pending promises run, then moves time on as {@linkcode FakeTime.tick}.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assert } from "@std/assert";
   *
   * using time = new FakeTime();
   * let done = false;
   * Promise.resolve().then(() => setTimeout(() => done = true, 1_000));
   *
   * await time.tickAsync(1_000);
   * assert(done);
   * ```
   *
   * @param ms How far to move.
   */
  async tickAsync(ms = 0): Promise<void> {
    await this.runMicrotasks();
    this.tick(ms);
  }

  /**
   * Moves time on to the next timer and calls it.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assert, assertEquals, assertFalse } from "@std/assert";
   *
   * using time = new FakeTime(0);
   * setTimeout(() => {}, 1_000);
   *
   * assert(time.next());
   * assertEquals(time.now, 1_000);
   * assertFalse(time.next());
   * ```
   *
   * @returns Whether there was a timer.
   */
  next(): boolean {
    const due = this.#timers.nextDue;
    if (due === undefined) return false;
    this.now = due;
    return true;
  }

  /**
   * Lets pending promises run, then moves time on as {@linkcode FakeTime.next}.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assert, assertEquals } from "@std/assert";
   *
   * using time = new FakeTime(0);
   * Promise.resolve().then(() => setTimeout(() => {}, 1_000));
   *
   * assert(await time.nextAsync());
   * assertEquals(time.now, 1_000);
   * ```
   *
   * @returns Whether there was a timer.
   */
  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  /**
   * Moves time on until no timer is left, those that timers set included. Does
   * not end while an interval runs.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals } from "@std/assert";
   *
   * using time = new FakeTime(0);
   * setTimeout(() => setTimeout(() => {}, 2_000), 1_000);
   *
   * time.runAll();
   * assertEquals(time.now, 3_000);
   * ```
   */
  runAll(): void {
    while (!this.#timers.isEmpty) this.next();
  }

  /**
   * Moves time on as {@linkcode FakeTime.runAll}, and lets pending promises run
   * before each step.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertEquals } from "@std/assert";
   *
   * using time = new FakeTime(0);
   * setTimeout(() => {}, 1_000);
   * Promise.resolve().then(() => setTimeout(() => {}, 2_000));
   *
   * await time.runAllAsync();
   * assertEquals(time.now, 2_000);
   * ```
   */
  async runAllAsync(): Promise<void> {
    while (!this.#timers.isEmpty) await this.nextAsync();
  }

  /**
   * Brings back real time.
   *
   * @example Usage
   * ```ts
   * import { FakeTime } from "@std/testing/time";
   * import { assertNotEquals } from "@std/assert";
   *
   * const time = new FakeTime(0);
   * time.restore();
   * assertNotEquals(Date.now(), 0);
   * ```
   *
   * @throws {TimeError} If time is real already.
   */
  restore(): void {
    if (!FakeTime.#current) throw alreadyRestored();
    FakeTime.#current = undefined;
    restoreGlobals();
    endFakes();
    clearInterval(this.#advancer);
  }
}

function alreadyRestored(): TimeError {
  return new TimeError("Cannot restore time: time is already restored");
}
