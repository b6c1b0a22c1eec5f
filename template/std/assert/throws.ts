import { ending } from "./_ending.ts";
import {
  checkError,
  type ErrorClass as AnyErrorClass,
  expectedError,
} from "./_expected_error.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a function throws. For a function that returns a promise, use
 * {@linkcode assertRejects}.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const thrown = assertThrows(() => {
 *   throw "a string";
 * });
 * assertEquals(thrown, "a string");
 * ```
 *
 * @param fn The function to call.
 * @param msg What to add to the message of the failure.
 * @returns What the function threw.
 * @throws {AssertionError} If the function does not throw.
 */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/**
 * Asserts that a function throws an error of a class, and optionally with a
 * message. For a function that returns a promise, use
 * {@linkcode assertRejects}.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const error = assertThrows(() => JSON.parse("{"), SyntaxError, "JSON");
 * assertEquals(error.name, "SyntaxError");
 * ```
 *
 * @typeParam E The type of the error.
 * @param fn The function to call.
 * @param ErrorClass The class of the error.
 * @param msgIncludes What the message should include.
 * @param msg What to add to the message of the failure.
 * @returns The error that the function threw.
 * @throws {AssertionError} If the function does not throw such an error.
 */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  classOrMsg?: AnyErrorClass<E> | string,
  includesOrMsg?: string,
  msg?: string,
): unknown {
  const expected = expectedError(classOrMsg, includesOrMsg, msg);
  try {
    fn();
  } catch (thrown) {
    checkError(thrown, expected, "thrown");
    return thrown;
  }
  throw new AssertionError(
    `Expected function to throw${ending(expected.msg)}`,
  );
}
