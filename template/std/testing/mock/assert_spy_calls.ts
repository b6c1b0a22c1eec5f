import { check } from "./_check.ts";
import type { SpyLike } from "./types.ts";

/**
 * Asserts how often a spy was called.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCalls, spy } from "@std/testing/mock";
 *
 * const listener = spy();
 * assertSpyCalls(listener, 0);
 * listener();
 * assertSpyCalls(listener, 1);
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @param spy The spy.
 * @param expectedCalls How often it should have been called.
 * @throws {AssertionError} If it was called more or less often.
 */
export function assertSpyCalls<Self, Args extends unknown[], Return>(
  spy: SpyLike<Self, Args, Return>,
  expectedCalls: number,
): void {
  const complaint = spy.calls.length < expectedCalls
    ? "Spy not called as much as expected"
    : "Spy called more than expected";
  check(spy.calls.length, expectedCalls, complaint);
}
