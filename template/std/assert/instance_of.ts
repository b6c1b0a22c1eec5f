import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/** Any class that can be constructed. */
// deno-lint-ignore no-explicit-any
export type AnyConstructor = new (...args: any[]) => any;

/** The type that a class constructs. */
export type GetConstructorType<T extends AnyConstructor> = InstanceType<T>;

/**
 * Asserts that a value is an instance of a class.
 *
 * @example Usage
 * ```ts
 * import { assertInstanceOf, assertThrows } from "@std/assert";
 *
 * assertInstanceOf(new Headers(), Headers);
 * assertThrows(() => assertInstanceOf({}, Headers), Error, 'but was "Object"');
 * ```
 *
 * @typeParam T The class.
 * @param actual The value to check.
 * @param expectedType The class.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the value is not an instance of the class.
 */
export function assertInstanceOf<
  // deno-lint-ignore no-explicit-any
  T extends abstract new (...args: any[]) => any,
>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const type = typeName(actual);
  const was = type === expectedType.name
    ? ""
    : type === "function"
    ? " but was not an instanced object"
    : ` but was "${type}"`;
  throw new AssertionError(
    `Expected object to be an instance of "${expectedType.name}"${was}${
      ending(msg)
    }`,
  );
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "object") return value.constructor?.name ?? "Object";
  return typeof value;
}
