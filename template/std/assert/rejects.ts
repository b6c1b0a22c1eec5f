import { ending } from "./_ending.ts";
import {
  checkError,
  type ErrorClass as AnyErrorClass,
  expectedError,
} from "./_expected_error.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a function returns a promise that rejects. For a function that
 * throws, use {@linkcode assertThrows}.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const reason = await assertRejects(() => Promise.reject("a string"));
 * assertEquals(reason, "a string");
 * ```
 *
 * @param fn The function to call.
 * @param msg What to add to the message of the failure.
 * @returns What the promise was rejected with.
 * @throws {AssertionError} If the promise does not reject, or there is none.
 */
export function assertRejects(
  fn: () => PromiseLike<unknown>,
  msg?: string,
): Promise<unknown>;
/**
 * Asserts that a function returns a promise that rejects with an error of a
 * class, and optionally with a message. For a function that throws, use
 * {@linkcode assertThrows}.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const error = await assertRejects(
 *   () => new Response("{").json(),
 *   SyntaxError,
 *   "JSON",
 * );
 * assertEquals(error.name, "SyntaxError");
 * ```
 *
 * @typeParam E The type of the error.
 * @param fn The function to call.
 * @param ErrorClass The class of the error.
 * @param msgIncludes What the message should include.
 * @param msg What to add to the message of the failure.
 * @returns The error that the promise was rejected with.
 * @throws {AssertionError} If the promise does not reject with such an error.
 */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  // deno-lint-ignore no-explicit-any
  ErrorClass: abstract new (...args: any[]) => E,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: AnyErrorClass<E> | string,
  includesOrMsg?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectedError(classOrMsg, includesOrMsg, msg);
  const promise = callForPromise(fn);
  if (!promise) {
    throw new AssertionError(
      `Function throws when expected to reject${ending(expected.msg)}`,
    );
  }
  try {
    await promise;
  } catch (reason) {
    checkError(reason, expected, "rejected");
    return reason;
  }
  throw new AssertionError(
    `Expected function to reject${ending(expected.msg)}`,
  );
}

/** A function that throws, or returns something else, gives no promise. */
function callForPromise(fn: () => unknown): PromiseLike<unknown> | undefined {
  try {
    const result = fn();
    if (typeof result === "object" && result && "then" in result) {
      return typeof result.then === "function"
        ? result as PromiseLike<unknown>
        : undefined;
    }
  } catch {
    // The caller says that there is no promise.
  }
  return undefined;
}
