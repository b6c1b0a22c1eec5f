import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Fails where no path should lead.
 *
 * @example Usage
 * ```ts
 * import { assertThrows, unreachable } from "@std/assert";
 *
 * assertThrows(() => unreachable(), Error, "Unreachable.");
 * ```
 *
 * @param msg What to add to the message of the failure.
 * @returns Never.
 * @throws {AssertionError} Always.
 */
export function unreachable(msg?: string): never {
  throw new AssertionError(`Unreachable${ending(msg)}`);
}
