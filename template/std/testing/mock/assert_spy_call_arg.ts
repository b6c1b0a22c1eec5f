import { assertEquals } from "../../assert/equals.ts";
import { getCall } from "./_check.ts";
import type { SpyLike } from "./types.ts";

/**
 * Asserts one argument of a call of a spy.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCallArg, spy } from "@std/testing/mock";
 *
 * const log = spy();
 * log("info", { id: 7 });
 * assertSpyCallArg(log, 0, 1, { id: 7 });
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @typeParam ExpectedArg The type of the argument.
 * @param spy The spy.
 * @param callIndex The position of the call.
 * @param argIndex The position of the argument.
 * @param expected What the argument should have been.
 * @returns The argument.
 * @throws {AssertionError} If there was no such call.
 */
export function assertSpyCallArg<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArg,
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  argIndex: number,
  expected: ExpectedArg,
): ExpectedArg {
  const arg = getCall(spy, callIndex).args[argIndex];
  assertEquals(arg, expected);
  return arg;
}

/**
 * Asserts all arguments of a call of a spy.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCallArgs, spy } from "@std/testing/mock";
 *
 * const log = spy();
 * log("info", "started", 8000);
 * assertSpyCallArgs(log, 0, ["info", "started", 8000]);
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @typeParam ExpectedArgs The types of the expected arguments.
 * @param spy The spy.
 * @param callIndex The position of the call.
 * @param expected What the arguments should have been.
 * @returns The arguments.
 * @throws {AssertionError} If there was no such call.
 */
export function assertSpyCallArgs<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArgs extends unknown[],
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  expected: ExpectedArgs,
): ExpectedArgs;
/**
 * Asserts the last arguments of a call of a spy.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCallArgs, spy } from "@std/testing/mock";
 *
 * const log = spy();
 * log("info", "started", 8000);
 * assertSpyCallArgs(log, 0, 1, ["started", 8000]);
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @typeParam ExpectedArgs The types of the expected arguments.
 * @param spy The spy.
 * @param callIndex The position of the call.
 * @param argsStart The position of the first argument to check.
 * @param expected What the arguments should have been.
 * @returns The arguments.
 * @throws {AssertionError} If there was no such call.
 */
export function assertSpyCallArgs<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArgs extends unknown[],
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  argsStart: number,
  expected: ExpectedArgs,
): ExpectedArgs;
/**
 * Asserts some arguments of a call of a spy.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCallArgs, spy } from "@std/testing/mock";
 *
 * const log = spy();
 * log("info", "started", 8000);
 * assertSpyCallArgs(log, 0, 0, 2, ["info", "started"]);
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @typeParam ExpectedArgs The types of the expected arguments.
 * @param spy The spy.
 * @param callIndex The position of the call.
 * @param argsStart The position of the first argument to check.
 * @param argsEnd The position after the last argument to check.
 * @param expected What the arguments should have been.
 * @returns The arguments.
 * @throws {AssertionError} If there was no such call.
 */
export function assertSpyCallArgs<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArgs extends unknown[],
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  argsStart: number,
  argsEnd: number,
  expected: ExpectedArgs,
): ExpectedArgs;
export function assertSpyCallArgs<
  Self,
  Args extends unknown[],
  Return,
  ExpectedArgs extends unknown[],
>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  ...range: (number | ExpectedArgs)[]
): ExpectedArgs {
  const expected = range.pop() as ExpectedArgs;
  const args = getCall(spy, callIndex).args.slice(...range as number[]);
  assertEquals(args, expected);
  return args as ExpectedArgs;
}
