import { ending } from "./_ending.ts";
import { format } from "./_format.ts";
import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/** An array or what looks like one, but not a string. */
export type ArrayLikeArg<T> = ArrayLike<T> & object;

/**
 * Asserts that an array includes all values of another, in any order. Objects
 * are compared deeply.
 *
 * @example Usage
 * ```ts
 * import { assertArrayIncludes, assertThrows } from "@std/assert";
 *
 * assertArrayIncludes([{ id: 1 }, { id: 2 }, { id: 3 }], [{ id: 3 }, { id: 1 }]);
 * assertThrows(() => assertArrayIncludes([1, 2], [2, 3]), Error, "missing:");
 * ```
 *
 * @typeParam T The type of the values.
 * @param actual The array to search.
 * @param expected The values that it should include.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If a value is missing. The message names all of
 * them.
 */
export function assertArrayIncludes<T>(
  actual: ArrayLikeArg<T>,
  expected: ArrayLikeArg<T>,
  msg?: string,
): void {
  const values = Array.from(actual);
  const missing = Array.from(expected)
    .filter((item) => !values.some((value) => equal(item, value)));
  if (missing.length === 0) return;
  throw new AssertionError(
    `Expected actual: "${format(actual)}" to include: "${format(expected)}"${
      ending(msg)
    }\nmissing: ${format(missing)}`,
  );
}
