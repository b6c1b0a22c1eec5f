import { format } from "./_format.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a value is less than or equal to another.
 *
 * @example Usage
 * ```ts
 * import { assertLessOrEqual, assertThrows } from "@std/assert";
 *
 * assertLessOrEqual(1, 1);
 * assertThrows(() => assertLessOrEqual(2, 1), Error, "Expect 2 <= 1");
 * ```
 *
 * @typeParam T The type of the values.
 * @param actual The value to check.
 * @param expected The value to compare it with.
 * @param msg The message of the failure, in place of the usual one.
 * @throws {AssertionError} If the value is not less than or equal to the other.
 */
export function assertLessOrEqual<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (actual <= expected) return;
  throw new AssertionError(
    msg ?? `Expect ${format(actual)} <= ${format(expected)}`,
  );
}
