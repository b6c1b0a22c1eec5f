import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a string matches a pattern.
 *
 * @example Usage
 * ```ts
 * import { assertMatch, assertThrows } from "@std/assert";
 *
 * assertMatch("0042", /^\d+$/);
 * assertThrows(() => assertMatch("42b", /^\d+$/));
 * ```
 *
 * @param actual The string to check.
 * @param expected The pattern.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the string does not match.
 */
export function assertMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to match: "${expected}"${ending(msg)}`,
  );
}
