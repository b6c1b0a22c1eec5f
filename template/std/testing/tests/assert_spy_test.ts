import {
  assertEquals,
  AssertionError,
  assertRejects,
  assertThrows,
} from "@std/assert";
import {
  assertSpyCall,
  assertSpyCallArg,
  assertSpyCallArgs,
  assertSpyCallAsync,
  assertSpyCalls,
  type ExpectedSpyCall,
  spy,
} from "@std/testing/mock";

const BOTH = "Do not expect error and return, only one should be expected";

const self = {
  divide: spy((a: number, b: number): number => {
    if (b === 0) throw new RangeError("by zero");
    return a / b;
  }),
  divideAsync: spy((a: number, b: number): Promise<number> =>
    b === 0 ? Promise.reject(new RangeError("by zero")) : Promise.resolve(a / b)
  ),
};
const { divide, divideAsync } = self;
self.divide(6, 3);
assertThrows(() => divide(1, 0));
self.divideAsync(6, 3);
await assertRejects(() => divideAsync(1, 0));

Deno.test("assertSpyCalls() counts", () => {
  assertSpyCalls(divide, 2);
  assertThrows(
    () => assertSpyCalls(divide, 3),
    AssertionError,
    "Spy not called as much as expected:\n",
  );
  const { message } = assertThrows(
    () => assertSpyCalls(divide, 1),
    AssertionError,
    "Spy called more than expected:\n",
  );
  assertEquals(/Actual.*Expected[^]*2[^]*1/.test(message), true, "has a diff");
});

Deno.test("assertSpyCall() passes what was so", () => {
  assertSpyCall(divide, 0);
  assertSpyCall(divide, 0, { self, args: [6, 3], returned: 2 });
  assertSpyCall(divide, 1, { self: undefined, args: [1, 0], error: {} });
  assertSpyCall(divide, 1, {
    error: { Class: RangeError, msgIncludes: "zero" },
  });
});

Deno.test("assertSpyCall() refuses what was not so", () => {
  const rows: [number, ExpectedSpyCall, string][] = [
    [2, {}, "Spy not called as much as expected"],
    [0, { args: [6] }, "Spy not called with expected args:\n"],
    [0, { self: {} }, "Spy not called as method on expected self:\n"],
    [
      0,
      { self: undefined },
      "Spy not expected to be called as method on object:\n",
    ],
    [0, { returned: 3 }, "Spy call did not return expected value:\n"],
    [
      0,
      { error: {} },
      "Spy call did not throw an error, a value was returned.",
    ],
    [
      1,
      { returned: 2 },
      "Spy call did not return expected value, an error was thrown.",
    ],
    [1, { error: { Class: TypeError } }, 'instance of "TypeError"'],
    [1, { error: { msgIncludes: "by one" } }, 'include "by one"'],
  ];
  for (const [index, expected, message] of rows) {
    assertThrows(
      () => assertSpyCall(divide, index, expected),
      AssertionError,
      message,
    );
  }
  assertThrows(
    () => assertSpyCall(divide, 0, { returned: 2, error: {} }),
    TypeError,
    BOTH,
  );
});

Deno.test("assertSpyCallAsync() passes what was so", async () => {
  await assertSpyCallAsync(divideAsync, 0);
  await assertSpyCallAsync(divideAsync, 0, { self, args: [6, 3], returned: 2 });
  await assertSpyCallAsync(divideAsync, 0, { returned: Promise.resolve(2) });
  await assertSpyCallAsync(divideAsync, 1, { error: {} });
  await assertSpyCallAsync(divideAsync, 1, {
    error: { Class: RangeError, msgIncludes: "zero" },
  });
});

Deno.test("assertSpyCallAsync() refuses what was not so", async () => {
  const rows: [number, ExpectedSpyCall, string][] = [
    [2, {}, "Spy not called as much as expected"],
    [0, { args: [6] }, "Spy not called with expected args:\n"],
    [0, { returned: 3 }, "Spy call did not resolve to expected value:\n"],
    [0, { error: {} }, "Expected function to reject."],
    [1, { returned: 2 }, "Spy call returned promise was rejected"],
    [1, { error: { Class: TypeError } }, 'instance of "TypeError"'],
  ];
  for (const [index, expected, message] of rows) {
    await assertRejects(
      () => assertSpyCallAsync(divideAsync, index, expected),
      AssertionError,
      message,
    );
  }
  await assertRejects(
    () => assertSpyCallAsync(divideAsync, 0, { returned: 2, error: {} }),
    TypeError,
    BOTH,
  );
  const rejected = Promise.reject(new Error());
  await assertRejects(
    () => assertSpyCallAsync(divideAsync, 0, { returned: rejected }),
    TypeError,
    "Do not expect rejected promise, expect error instead",
  );
});

Deno.test("assertSpyCallAsync() wants a promise", async () => {
  const sync = divide as unknown as typeof divideAsync;
  for (
    const [index, ending] of ["a value was returned", "an error was thrown"]
      .entries()
  ) {
    await assertRejects(
      () => assertSpyCallAsync(sync, index),
      AssertionError,
      `Spy call did not return a promise, ${ending}.`,
    );
  }
});

Deno.test("assertSpyCallArg() and assertSpyCallArgs() return what they check", () => {
  assertEquals(assertSpyCallArg(divide, 0, 1, 3), 3);
  assertEquals(assertSpyCallArg(divide, 0, 2, undefined), undefined);
  assertEquals(assertSpyCallArgs(divide, 0, [6, 3]), [6, 3]);
  assertEquals(assertSpyCallArgs(divide, 0, 1, [3]), [3]);
  assertEquals(assertSpyCallArgs(divide, 0, 0, 1, [6]), [6]);
  assertEquals(assertSpyCallArgs(divide, 0, 0, -1, [6]), [6]);

  for (
    const refused of [
      () => assertSpyCallArg(divide, 0, 1, 4),
      () => assertSpyCallArg(divide, 2, 0, 6),
      () => assertSpyCallArgs(divide, 0, [6]),
      () => assertSpyCallArgs(divide, 0, 1, [4]),
      () => assertSpyCallArgs(divide, 0, 0, 1, [6, 3]),
    ]
  ) assertThrows(refused, AssertionError);
});
