import { AssertionError } from "./assertion_error.ts";

/** The values that {@linkcode assertFalse} lets pass, except `NaN`. */
export type Falsy = false | 0 | 0n | "" | null | undefined;

/**
 * Asserts that an expression is falsy.
 *
 * @example Usage
 * ```ts
 * import { assertFalse, assertThrows } from "@std/assert";
 *
 * assertFalse([].includes(1 as never));
 * assertThrows(() => assertFalse([1].includes(1)));
 * ```
 *
 * @param expr The expression to test.
 * @param msg The message of the failure.
 * @throws {AssertionError} If the expression is truthy.
 */
export function assertFalse(expr: unknown, msg = ""): asserts expr is Falsy {
  if (expr) throw new AssertionError(msg);
}
