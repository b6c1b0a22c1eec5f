import { open, sessions } from "./_sessions.ts";

/**
 * Opens a session, so that {@linkcode restore} can put back all methods that
 * are spied on or stubbed from now on.
 *
 * @example Usage
 * ```ts
 * import { mockSession, restore, stub } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const id = mockSession();
 * const counter = { next: () => 1 };
 * stub(counter, "next", () => 9);
 *
 * assertEquals(counter.next(), 9);
 * restore(id);
 * assertEquals(counter.next(), 1);
 * ```
 *
 * @returns The identifier of the session.
 */
export function mockSession(): number;
/**
 * Wraps a function in a session of its own, which ends with the call.
 *
 * @example Usage
 * ```ts
 * import { mockSession, stub } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const counter = { next: () => 1 };
 * const test = mockSession(() => {
 *   stub(counter, "next", () => 9);
 *   return counter.next();
 * });
 *
 * assertEquals(test(), 9);
 * assertEquals(counter.next(), 1);
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @param func The function to wrap.
 * @returns The wrapped function.
 */
export function mockSession<Self, Args extends unknown[], Return>(
  func: (this: Self, ...args: Args) => Return,
): (this: Self, ...args: Args) => Return;
export function mockSession<Self, Args extends unknown[], Return>(
  func?: (this: Self, ...args: Args) => Return,
): number | ((this: Self, ...args: Args) => Return) {
  if (!func) return open();
  return function (this: Self, ...args: Args): Return {
    const id = open();
    try {
      return func.apply(this, args);
    } finally {
      restore(id);
    }
  };
}

/**
 * Wraps a function that returns a promise in a session of its own, which ends
 * when the promise is settled.
 *
 * @example Usage
 * ```ts
 * import { mockSessionAsync, stub } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const counter = { next: () => Promise.resolve(1) };
 * const test = mockSessionAsync(async () => {
 *   stub(counter, "next", () => Promise.resolve(9));
 *   return await counter.next();
 * });
 *
 * assertEquals(await test(), 9);
 * assertEquals(await counter.next(), 1);
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type that the promise resolves to.
 * @param func The function to wrap.
 * @returns The wrapped function.
 */
export function mockSessionAsync<Self, Args extends unknown[], Return>(
  func: (this: Self, ...args: Args) => Promise<Return>,
): (this: Self, ...args: Args) => Promise<Return> {
  return async function (this: Self, ...args: Args): Promise<Return> {
    const id = open();
    try {
      return await func.apply(this, args);
    } finally {
      restore(id);
    }
  };
}

/**
 * Puts back all methods of a session, and of those opened after it.
 *
 * @example Usage
 * ```ts
 * import { restore, stub } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const counter = { next: () => 1 };
 * stub(counter, "next", () => 9);
 *
 * restore();
 * assertEquals(counter.next(), 1);
 * ```
 *
 * @param id The identifier of the session. The default is the current one.
 */
export function restore(id: number = Math.max(sessions.length - 1, 0)): void {
  while (sessions.length > id) {
    for (const spy of sessions.pop()!) spy.restore();
  }
}
