/**
 * The globals that tell or take time, real and fake.
 *
 * @module
 */

import type { TimerQueue } from "./_timer_queue.ts";
import { TimeError } from "./time_error.ts";

type Callback = (...args: unknown[]) => unknown;

/** The real globals. */
export const real = {
  Date,
  setTimeout,
  clearTimeout,
  setInterval,
  clearInterval,
};

const realTimeout = AbortSignal.timeout;

let timers: TimerQueue | undefined;

/**
 * Puts the fake globals in place.
 *
 * @param queue The clock that they go by.
 */
export function fakeGlobals(queue: TimerQueue): void {
  timers = queue;
  Object.assign(globalThis, fake);
  AbortSignal.timeout = fakeTimeout;
}

/** Puts the real globals back. The fake ones still go by their clock. */
export function restoreGlobals(): void {
  Object.assign(globalThis, real);
  AbortSignal.timeout = realTimeout;
}

/** Takes the clock from the fake globals that somebody may have kept. */
export function endFakes(): void {
  timers = undefined;
}

const fake = {
  Date: new Proxy(Date, {
    construct(_target, args): Date {
      return new real.Date(...(args.length > 0 ? args : [now()]) as [number]);
    },
    apply(): string {
      return new real.Date(now()).toString();
    },
    get(target, key, receiver): unknown {
      return key === "now" ? now : Reflect.get(target, key, receiver);
    },
  }),
  setTimeout(callback: Callback, delay = 0, ...args: unknown[]): number {
    checkCallback(callback, "setTimeout");
    return timersTo("set timeout").add(() => callback(...args), delay, false);
  },
  clearTimeout(id?: unknown): void {
    timersTo("clear timeout").clear(id);
  },
  setInterval(callback: Callback, delay = 0, ...args: unknown[]): number {
    checkCallback(callback, "setInterval");
    return timersTo("set interval").add(() => callback(...args), delay, true);
  },
  clearInterval(id?: unknown): void {
    timersTo("clear interval").clear(id);
  },
};

function fakeTimeout(delay: number): AbortSignal {
  const controller = new AbortController();
  fake.setTimeout(() => {
    controller.abort(new DOMException("Signal timed out.", "TimeoutError"));
  }, delay);
  return controller.signal;
}

function now(): number {
  return timers?.now ?? real.Date.now();
}

function timersTo(action: string): TimerQueue {
  if (timers) return timers;
  throw new TimeError(`Cannot ${action}: time is not faked`);
}

function checkCallback(callback: unknown, name: string): void {
  if (typeof callback === "function") return;
  throw new TimeError(
    `FakeTime does not support non-function callbacks to ${name}`,
  );
}
