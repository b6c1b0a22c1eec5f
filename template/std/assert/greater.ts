import { format } from "./_format.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a value is greater than another.
 *
 * @example Usage
 * ```ts
 * import { assertGreater, assertThrows } from "@std/assert";
 *
 * assertGreater(2, 1);
 * assertThrows(() => assertGreater(1, 1), Error, "Expect 1 > 1");
 * ```
 *
 * @typeParam T The type of the values.
 * @param actual The value to check.
 * @param expected The value to compare it with.
 * @param msg The message of the failure, in place of the usual one.
 * @throws {AssertionError} If the value is not greater than the other.
 */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  if (actual > expected) return;
  throw new AssertionError(
    msg ?? `Expect ${format(actual)} > ${format(expected)}`,
  );
}
