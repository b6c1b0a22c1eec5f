import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a string includes another.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes, assertThrows } from "@std/assert";
 *
 * assertStringIncludes("no-store, private", "no-store");
 * assertThrows(() => assertStringIncludes("no-store", "private"));
 * ```
 *
 * @param actual The string to search.
 * @param expected The string that it should include.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the string does not include the other.
 */
export function assertStringIncludes(
  actual: string,
  expected: string,
  msg?: string,
): void {
  if (actual.includes(expected)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to contain: "${expected}"${ending(msg)}`,
  );
}
