import { assertEquals } from "../../assert/equals.ts";
import { AssertionError } from "../../assert/assertion_error.ts";
import { assertIsError } from "../../assert/is_error.ts";
import type { SpyCall, SpyLike } from "./types.ts";

/**
 * Asserts that two values are equal, with a message of its own above the diff.
 *
 * @param actual The value to check.
 * @param expected The value that it should equal.
 * @param complaint What to say if it does not.
 */
export function check(
  actual: unknown,
  expected: unknown,
  complaint: string,
): void {
  try {
    assertEquals(actual, expected);
  } catch (error) {
    assertIsError(error);
    throw new AssertionError(error.message.replace(/^.*/, `${complaint}:`));
  }
}

/**
 * Gets a call of a spy.
 *
 * @param spy The spy.
 * @param callIndex The position of the call.
 * @returns The call.
 * @throws {AssertionError} If there were fewer calls.
 */
export function getCall<Self, Args extends unknown[], Return>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
): SpyCall {
  const call = spy.calls[callIndex];
  if (call) return call;
  throw new AssertionError("Spy not called as much as expected");
}
