import { AssertionError } from "./assertion_error.ts";
import { ending } from "./_ending.ts";
import { assertIsError } from "./is_error.ts";

/** A class of errors, abstract or not. */
// deno-lint-ignore no-explicit-any
export type ErrorClass<E extends Error> = abstract new (...args: any[]) => E;

/** What an assertion about a failing function expects of its error. */
export interface ExpectedError<E extends Error> {
  /** The class, or `undefined` if anything may be thrown. */
  ErrorClass: ErrorClass<E> | undefined;
  /** What the message should include. */
  msgIncludes: string | undefined;
  /** What to add to the message of the failure. */
  msg: string | undefined;
}

/**
 * Sorts out the arguments of `assertThrows()` and `assertRejects()`, whose
 * second one is a class or a message.
 *
 * @param classOrMsg The second argument.
 * @param includesOrMsg The third argument.
 * @param msg The fourth argument.
 * @returns The arguments by name.
 */
export function expectedError<E extends Error>(
  classOrMsg?: ErrorClass<E> | string,
  includesOrMsg?: string,
  msg?: string,
): ExpectedError<E> {
  if (typeof classOrMsg === "string") {
    return { ErrorClass: undefined, msgIncludes: undefined, msg: classOrMsg };
  }
  // Only JavaScript callers can pass what is not a class of errors.
  return classOrMsg === undefined || isErrorClass(classOrMsg)
    ? { ErrorClass: classOrMsg, msgIncludes: includesOrMsg, msg }
    : { ErrorClass: undefined, msgIncludes: undefined, msg: includesOrMsg };
}

function isErrorClass(value: ErrorClass<Error> | null): boolean {
  const prototype = value?.prototype;
  return prototype === Error.prototype || prototype instanceof Error;
}

/**
 * Asserts that what a function threw is the error expected of it.
 *
 * @param thrown What the function threw.
 * @param expected What is expected.
 * @param verb How the function failed, for the message.
 */
export function checkError<E extends Error>(
  thrown: unknown,
  { ErrorClass, msgIncludes, msg }: ExpectedError<E>,
  verb: "thrown" | "rejected",
): void {
  if (!ErrorClass) return;
  if (!(thrown instanceof Error)) {
    throw new AssertionError(`A non-Error object was ${verb}${ending(msg)}`);
  }
  assertIsError(thrown, ErrorClass, msgIncludes, msg);
}
