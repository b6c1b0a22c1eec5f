/**
 * Functions to give to {@linkcode stub}.
 *
 * @module
 */

import { MockError } from "./mock_error.ts";

/**
 * Creates a function that returns what it is called on.
 *
 * @example Usage
 * ```ts
 * import { returnsThis, stub } from "@std/testing/mock";
 * import { assertStrictEquals } from "@std/assert";
 *
 * const query = { where: (): unknown => "rows" };
 * using _where = stub(query, "where", returnsThis());
 * assertStrictEquals(query.where(), query);
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @returns The function.
 */
export function returnsThis<
  // deno-lint-ignore no-explicit-any
  Self = any,
  // deno-lint-ignore no-explicit-any
  Args extends unknown[] = any[],
>(): (this: Self, ...args: Args) => Self {
  return function (this: Self): Self {
    return this;
  };
}

/**
 * Creates a function that returns one of its arguments.
 *
 * @example Usage
 * ```ts
 * import { returnsArg } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const second = returnsArg<string>(1);
 * assertEquals(second("a", "b"), "b");
 * ```
 *
 * @typeParam Arg The type of the arguments.
 * @typeParam Self The type of `this`.
 * @param idx The position of the argument.
 * @returns The function.
 */
export function returnsArg<
  Arg,
  // deno-lint-ignore no-explicit-any
  Self = any,
>(idx: number): (this: Self, ...args: Arg[]) => Arg | undefined {
  return (...args) => args[idx];
}

/**
 * Creates a function that returns its arguments, or some of them.
 *
 * @example Usage
 * ```ts
 * import { returnsArgs } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const rest = returnsArgs<string[]>(1);
 * assertEquals(rest("a", "b", "c"), ["b", "c"]);
 * ```
 *
 * @typeParam Args The types of the arguments.
 * @typeParam Self The type of `this`.
 * @param start The position of the first argument.
 * @param end The position after the last argument.
 * @returns The function.
 */
export function returnsArgs<
  Args extends unknown[],
  // deno-lint-ignore no-explicit-any
  Self = any,
>(start = 0, end?: number): (this: Self, ...args: Args) => Args {
  return (...args) => args.slice(start, end) as Args;
}

/**
 * Creates a function that returns one value after the other, and throws those
 * that are errors.
 *
 * @example Usage
 * ```ts
 * import { returnsNext } from "@std/testing/mock";
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const next = returnsNext([1, new TypeError("Not now")]);
 * assertEquals(next(), 1);
 * assertThrows(next, TypeError, "Not now");
 * assertThrows(next, Error, "Not expected to be called more than 2 time(s)");
 * ```
 *
 * @typeParam Return The type of the values.
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @param values The values.
 * @returns The function. It throws a {@linkcode MockError} after the last one.
 */
export function returnsNext<
  Return,
  // deno-lint-ignore no-explicit-any
  Self = any,
  // deno-lint-ignore no-explicit-any
  Args extends unknown[] = any[],
>(values: Iterable<Return | Error>): (this: Self, ...args: Args) => Return {
  const iterator = Iterator.from(values);
  let calls = 0;
  return () => {
    const result = iterator.next();
    if (result.done) throw exhausted(calls);
    calls++;
    return orThrow(result.value);
  };
}

/**
 * Creates a function that returns promises of one value after the other, which
 * reject with those that are errors.
 *
 * @example Usage
 * ```ts
 * import { resolvesNext } from "@std/testing/mock";
 * import { assertEquals, assertRejects } from "@std/assert";
 *
 * const next = resolvesNext([1, new TypeError("Not now")]);
 * assertEquals(await next(), 1);
 * await assertRejects(next, TypeError, "Not now");
 * ```
 *
 * @typeParam Return The type of the values.
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @param iterable The values, or promises of them.
 * @returns The function. Its promise rejects with a {@linkcode MockError} after
 * the last value.
 */
export function resolvesNext<
  Return,
  // deno-lint-ignore no-explicit-any
  Self = any,
  // deno-lint-ignore no-explicit-any
  Args extends unknown[] = any[],
>(
  iterable:
    | Iterable<Return | Error | Promise<Return | Error>>
    | AsyncIterable<Return | Error | Promise<Return | Error>>,
): (this: Self, ...args: Args) => Promise<Return> {
  const iterator = iterate(iterable);
  let calls = 0;
  return async () => {
    const result = await iterator.next();
    if (result.done) throw exhausted(calls);
    calls++;
    return orThrow(result.value as Return | Error);
  };
}

async function* iterate<T>(
  iterable: Iterable<T> | AsyncIterable<T>,
): AsyncGenerator<T> {
  yield* iterable;
}

function exhausted(calls: number): MockError {
  return new MockError(`Not expected to be called more than ${calls} time(s)`);
}

function orThrow<T>(value: T | Error): T {
  if (value instanceof Error) throw value;
  return value;
}
