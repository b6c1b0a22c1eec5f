import { ending } from "./_ending.ts";
import { format } from "./_format.ts";
import { AssertionError } from "./assertion_error.ts";
import { equal } from "./equal.ts";

/**
 * Asserts that two values are not equal, deeply, as {@linkcode equal} sees it.
 *
 * @example Usage
 * ```ts
 * import { assertNotEquals, assertThrows } from "@std/assert";
 *
 * assertNotEquals({ id: 1 }, { id: 2 });
 * assertThrows(() => assertNotEquals({ id: 1 }, { id: 1 }));
 * ```
 *
 * @typeParam T The type of the values.
 * @param actual The value to check.
 * @param expected The value that it should not equal.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the values are equal.
 */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  if (!equal(actual, expected)) return;
  throw new AssertionError(
    `Expected actual: ${format(actual)} not to be: ${format(expected)}${
      ending(msg)
    }`,
  );
}
