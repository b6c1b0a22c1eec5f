import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a value is neither `null` nor `undefined`.
 *
 * @example Usage
 * ```ts
 * import { assertExists, assertThrows } from "@std/assert";
 *
 * assertExists(0);
 * assertThrows(() => assertExists(null));
 * ```
 *
 * @typeParam T The type of the value.
 * @param actual The value to check.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the value is `null` or `undefined`.
 */
export function assertExists<T>(
  actual: T,
  msg?: string,
): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not be null or undefined${ending(msg)}`,
  );
}
