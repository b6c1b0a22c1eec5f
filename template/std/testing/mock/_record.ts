import type { SpyCall } from "./types.ts";

/**
 * Wraps a function so that it notes its calls.
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @param func The function to wrap.
 * @param calls Where to note the calls.
 * @returns The wrapped function.
 */
export function record<Self, Args extends unknown[], Return>(
  func: (this: Self, ...args: Args) => Return,
  calls: SpyCall<Self, Args, Return>[],
): (this: Self, ...args: Args) => Return {
  return function (this: Self, ...args: Args): Return {
    const call: SpyCall<Self, Args, Return> = { args };
    if (this) call.self = this;
    try {
      return call.returned = func.apply(this, args);
    } catch (error) {
      call.error = error as Error;
      throw error;
    } finally {
      calls.push(call);
    }
  };
}
