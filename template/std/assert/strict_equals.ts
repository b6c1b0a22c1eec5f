import { difference } from "./_difference.ts";
import { ending } from "./_ending.ts";
import { format } from "./_format.ts";
import { red } from "./_styles.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that two values are the same, by `Object.is()`.
 *
 * @example Usage
 * ```ts
 * import { assertStrictEquals, assertThrows } from "@std/assert";
 *
 * const task = { id: 1 };
 *
 * assertStrictEquals(task, task);
 * assertThrows(() => assertStrictEquals(task, { id: 1 }));
 * ```
 *
 * @typeParam T The type of the expected value.
 * @param actual The value to check.
 * @param expected The value that it should be.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the values are not the same.
 */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  const printed = format(actual);
  throw new AssertionError(
    printed === format(expected)
      ? `Values have the same structure but are not reference-equal${
        ending(msg)
      }\n\n${red(printed.replaceAll(/^/gm, "    "))}\n`
      : `Values are not strictly equal${ending(msg)}\n${
        difference(actual, expected)
      }`,
  );
}
