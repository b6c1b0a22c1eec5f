import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Fails always.
 *
 * @example Usage
 * ```ts
 * import { assertThrows, fail } from "@std/assert";
 *
 * assertThrows(() => fail("The event did not come"), Error, "did not come");
 * ```
 *
 * @param msg What to add to the message of the failure.
 * @returns Never.
 * @throws {AssertionError} Always.
 */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${ending(msg)}`);
}
