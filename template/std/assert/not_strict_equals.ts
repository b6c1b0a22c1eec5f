import { ending } from "./_ending.ts";
import { format } from "./_format.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that two values are not the same, by `Object.is()`.
 *
 * @example Usage
 * ```ts
 * import { assertNotStrictEquals, assertThrows } from "@std/assert";
 *
 * assertNotStrictEquals({ id: 1 }, { id: 1 });
 * assertNotStrictEquals(0, -0);
 * assertThrows(() => assertNotStrictEquals(NaN, NaN));
 * ```
 *
 * @typeParam T The type of the values.
 * @param actual The value to check.
 * @param expected The value that it should not be.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the values are the same.
 */
export function assertNotStrictEquals<T>(
  actual: T,
  expected: T,
  msg?: string,
): void {
  if (!Object.is(actual, expected)) return;
  throw new AssertionError(
    `Expected "actual" to not be strictly equal to: ${format(actual)}${
      ending(msg)
    }\n`,
  );
}
