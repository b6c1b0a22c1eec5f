import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that an expression is truthy.
 *
 * @example Usage
 * ```ts
 * import { assert, assertThrows } from "@std/assert";
 *
 * assert("tasks".startsWith("t"));
 * assertThrows(() => assert("tasks".startsWith("x")));
 * ```
 *
 * @param expr The expression to test.
 * @param msg The message of the failure.
 * @throws {AssertionError} If the expression is falsy.
 */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}
