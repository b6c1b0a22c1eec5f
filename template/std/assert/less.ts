import { format } from "./_format.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a value is less than another.
 *
 * @example Usage
 * ```ts
 * import { assertLess, assertThrows } from "@std/assert";
 *
 * assertLess(1, 2);
 * assertThrows(() => assertLess(1, 1), Error, "Expect 1 < 1");
 * ```
 *
 * @typeParam T The type of the values.
 * @param actual The value to check.
 * @param expected The value to compare it with.
 * @param msg The message of the failure, in place of the usual one.
 * @throws {AssertionError} If the value is not less than the other.
 */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  if (actual < expected) return;
  throw new AssertionError(
    msg ?? `Expect ${format(actual)} < ${format(expected)}`,
  );
}
