import { ending } from "./_ending.ts";
import { stripStyles } from "./_styles.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that a value is an error, and optionally of which class and with
 * which message.
 *
 * @example Usage
 * ```ts
 * import { assertIsError, assertThrows } from "@std/assert";
 *
 * const error = new RangeError("Cannot read page 9: there are 8");
 *
 * assertIsError(error, RangeError, "page 9");
 * assertIsError(error, Error, /there are \d$/);
 * assertThrows(() => assertIsError(error, SyntaxError));
 * ```
 *
 * @typeParam E The type of the error.
 * @param error The value to check.
 * @param ErrorClass The class of the error.
 * @param msgMatches What the message should include or match.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the value is not such an error.
 */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  // deno-lint-ignore no-explicit-any
  ErrorClass?: abstract new (...args: any[]) => E,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(
      `Expected "error" to be an Error object${ending(msg)}`,
    );
  }
  if (ErrorClass && !(error instanceof ErrorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", but was "${error.constructor?.name}"${
        ending(msg)
      }`,
    );
  }
  if (msgMatches && !matches(stripStyles(error.message), msgMatches)) {
    const wanted = typeof msgMatches === "string"
      ? JSON.stringify(msgMatches)
      : msgMatches;
    throw new AssertionError(
      `Expected error message to include ${wanted}, but got ${
        JSON.stringify(error.message)
      }${ending(msg)}`,
    );
  }
}

function matches(message: string, pattern: string | RegExp): boolean {
  return typeof pattern === "string"
    ? message.includes(stripStyles(pattern))
    : pattern.test(message);
}
