import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Fails in a function that is still to be written.
 *
 * @example Usage
 * ```ts
 * import { assertThrows, unimplemented } from "@std/assert";
 *
 * assertThrows(() => unimplemented("paging"), Error, "Unimplemented: paging");
 * ```
 *
 * @param msg What to add to the message of the failure.
 * @returns Never.
 * @throws {AssertionError} Always.
 */
export function unimplemented(msg?: string): never {
  throw new AssertionError(`Unimplemented${ending(msg)}`);
}
