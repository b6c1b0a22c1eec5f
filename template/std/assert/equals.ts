import { difference } from "./_difference.ts";
import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/**
 * Asserts that two values are equal, deeply, as {@linkcode equal} sees it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals({ id: 1, tags: ["a"] }, { tags: ["a"], id: 1 });
 * assertThrows(() => assertEquals<unknown>("1", 1));
 * ```
 *
 * @typeParam T The type of the values.
 * @param actual The value to check.
 * @param expected The value that it should equal.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the values are not equal. The message shows
 * where they differ.
 */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${ending(msg)}\n${difference(actual, expected)}`,
  );
}
