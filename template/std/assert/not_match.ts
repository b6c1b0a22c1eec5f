import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a string does not match a pattern.
 *
 * @example Usage
 * ```ts
 * import { assertNotMatch, assertThrows } from "@std/assert";
 *
 * assertNotMatch("42b", /^\d+$/);
 * assertThrows(() => assertNotMatch("0042", /^\d+$/));
 * ```
 *
 * @param actual The string to check.
 * @param expected The pattern.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the string matches.
 */
export function assertNotMatch(
  actual: string,
  expected: RegExp,
  msg?: string,
): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not match: "${expected}"${ending(msg)}`,
  );
}
