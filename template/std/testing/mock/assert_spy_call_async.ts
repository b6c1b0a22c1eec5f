import { AssertionError } from "../../assert/assertion_error.ts";
import { assertRejects } from "../../assert/rejects.ts";
import { check, getCall } from "./_check.ts";
import { assertSpyCall } from "./assert_spy_call.ts";
import type { ExpectedSpyCall, SpyCall, SpyLike } from "./types.ts";

/**
 * Asserts how a spy was called, and what the promise that it returned came to.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCallAsync, spy } from "@std/testing/mock";
 *
 * const double = spy((n: number) => Promise.resolve(n * 2));
 * double(4);
 *
 * await assertSpyCallAsync(double, 0, { args: [4], returned: 8 });
 * ```
 *
 * @typeParam Self The type of `this`.
 * @typeParam Args The types of the arguments.
 * @typeParam Return The type that the promise resolves to.
 * @param spy The spy.
 * @param callIndex The position of the call.
 * @param expected What the call should have been.
 * @throws {AssertionError} If there was no such call.
 */
export async function assertSpyCallAsync<Self, Args extends unknown[], Return>(
  spy: SpyLike<Self, Args, Promise<Return>>,
  callIndex: number,
  expected: ExpectedSpyCall<Self, Args, Promise<Return> | Return> = {},
): Promise<void> {
  const { returned: _returned, error, ...expectedCall } = expected;
  assertSpyCall(spy, callIndex, expectedCall);

  const call = getCall(spy, callIndex);
  if (!(call.returned instanceof Promise)) {
    throw new AssertionError(
      `Spy call did not return a promise, ${
        call.error ? "an error was thrown" : "a value was returned"
      }.`,
    );
  }
  if ("returned" in expected) await checkResolved(call, expected);
  if ("error" in expected) {
    await assertRejects(
      () => call.returned,
      error?.Class ?? Error,
      error?.msgIncludes,
    );
  }
}

async function checkResolved(
  call: SpyCall,
  expected: ExpectedSpyCall,
): Promise<void> {
  if ("error" in expected) {
    throw new TypeError(
      "Do not expect error and return, only one should be expected",
    );
  }
  const wanted = await orThrow(
    expected.returned,
    new TypeError("Do not expect rejected promise, expect error instead"),
  );
  const resolved = await orThrow(
    call.returned,
    new AssertionError("Spy call returned promise was rejected"),
  );
  check(resolved, wanted, "Spy call did not resolve to expected value");
}

async function orThrow(promise: unknown, error: Error): Promise<unknown> {
  try {
    return await promise;
  } catch {
    throw error;
  }
}
