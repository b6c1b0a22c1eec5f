import { AssertionError } from "../../assert/assertion_error.ts";
import { assertIsError } from "../../assert/is_error.ts";
import { check, getCall } from "./_check.ts";
import type { ExpectedSpyCall, SpyCall, SpyLike } from "./types.ts";

/**
 * Asserts how a spy was called, and what it returned or threw.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCall, spy } from "@std/testing/mock";
 * import { assertThrows } from "@std/assert";
 *
 * const parse = spy((text: string) => JSON.parse(text));
 * parse("7");
 * assertThrows(() => parse("{"));
 *
 * assertSpyCall(parse, 0, { args: ["7"], returned: 7 });
 * assertSpyCall(parse, 1, { error: { Class: SyntaxError, msgIncludes: "JSON" } });
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type of the result.
 * @param spy The spy.
 * @param callIndex The position of the call.
 * @param expected What the call should have been.
 * @throws {AssertionError} If there was no such call.
 */
export function assertSpyCall<Self, Args extends unknown[], Return>(
  spy: SpyLike<Self, Args, Return>,
  callIndex: number,
  expected: ExpectedSpyCall<Self, Args, Return> = {},
): void {
  const call = getCall(spy, callIndex);
  if (expected.args) {
    check(call.args, expected.args, "Spy not called with expected args");
  }
  if ("self" in expected) {
    const complaint = expected.self
      ? "Spy not called as method on expected self"
      : "Spy not expected to be called as method on object";
    check(call.self, expected.self, complaint);
  }
  if ("returned" in expected) checkReturned(call, expected);
  if ("error" in expected) checkError(call, expected);
}

function checkReturned(call: SpyCall, expected: ExpectedSpyCall): void {
  if ("error" in expected) {
    throw new TypeError(
      "Do not expect error and return, only one should be expected",
    );
  }
  if (call.error) {
    throw new AssertionError(
      "Spy call did not return expected value, an error was thrown.",
    );
  }
  check(
    call.returned,
    expected.returned,
    "Spy call did not return expected value",
  );
}

function checkError(call: SpyCall, { error }: ExpectedSpyCall): void {
  if ("returned" in call) {
    throw new AssertionError(
      "Spy call did not throw an error, a value was returned.",
    );
  }
  assertIsError(call.error, error?.Class, error?.msgIncludes);
}
