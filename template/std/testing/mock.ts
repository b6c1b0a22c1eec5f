/**
 * Functions that remember how they were called, and stand-ins for methods.
 *
 * @example Usage
 * ```ts
 * import { assertSpyCall, assertSpyCalls, spy, stub } from "@std/testing/mock";
 * import { assertEquals } from "@std/assert";
 *
 * const double = spy((n: number) => n * 2);
 * assertEquals([1, 2].map((n) => double(n)), [2, 4]);
 * assertSpyCalls(double, 2);
 * assertSpyCall(double, 0, { args: [1], returned: 2 });
 *
 * using _random = stub(Math, "random", () => 0.5);
 * assertEquals(Math.random(), 0.5);
 * ```
 *
 * @module
 */

export * from "./mock/assert_spy_call.ts";
export * from "./mock/assert_spy_call_arg.ts";
export * from "./mock/assert_spy_call_async.ts";
export * from "./mock/assert_spy_calls.ts";
export * from "./mock/mock_error.ts";
export * from "./mock/returns.ts";
export * from "./mock/session.ts";
export * from "./mock/spy.ts";
export * from "./mock/stub.ts";
export * from "./mock/types.ts";
