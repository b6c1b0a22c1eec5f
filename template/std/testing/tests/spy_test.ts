import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import {
  assertSpyCall,
  assertSpyCalls,
  MockError,
  mockSession,
  mockSessionAsync,
  resolvesNext,
  restore,
  returnsArg,
  returnsArgs,
  returnsNext,
  returnsThis,
  spy,
  stub,
} from "@std/testing/mock";

class Counter {
  count = 0;
  add(by: number): number {
    return this.count += by;
  }
}

function boom(): never {
  throw new RangeError("boom");
}

Deno.test("spy() of nothing does nothing", () => {
  const func = spy();
  assertEquals(func(1, 2), undefined);
  assertEquals(func.calls, [{ args: [1, 2], returned: undefined }]);
});

Deno.test("spy() of a function notes arguments, result, error and this", () => {
  const func = spy(function (this: unknown, fails: boolean): string {
    return fails ? boom() : "done";
  });
  const self = { func };
  assertEquals(func(false), "done");
  assertEquals(self.func(false), "done");
  assertThrows(() => func(true), RangeError, "boom");

  const [plain, method, failed] = func.calls;
  assertEquals(plain, { args: [false], returned: "done" });
  assertEquals(Object.keys(method!), ["args", "self", "returned"]);
  assertStrictEquals(method!.self, self);
  assertEquals(failed!.args, [true]);
  assertInstanceOf(failed!.error, RangeError);
  assertFalse("returned" in failed!);

  assertFalse(func.restored);
  const error = assertThrows(
    () => func.restore(),
    MockError,
    "Cannot restore: function cannot be restored",
  );
  assertEquals(error.name, "MockError");
});

Deno.test("spy() of a method calls through until it is restored", () => {
  const counter = new Counter();
  {
    using add = spy(counter, "add");
    assertEquals(counter.add(2), 2);
    assertSpyCall(add, 0, { self: counter, args: [2], returned: 2 });
    assertStrictEquals(add.original, Counter.prototype.add);
    assertFalse(add.restored);
  }
  assertFalse(Object.hasOwn(counter, "add"), "the inherited method is back");
});

Deno.test("a replaced method keeps how its property was", () => {
  const object = { visible: boom };
  Object.defineProperty(object, "hidden", {
    configurable: true,
    writable: true,
    value: boom,
  });
  for (const name of ["visible", "hidden"] as (keyof typeof object)[]) {
    const before = Object.getOwnPropertyDescriptor(object, name)!;
    const fake = stub(object, name);
    assertEquals(Object.getOwnPropertyDescriptor(object, name), {
      ...before,
      value: fake,
    });
    fake.restore();
    assertEquals(Object.getOwnPropertyDescriptor(object, name), before);
    assert(fake.restored);
    assertThrows(
      () => fake.restore(),
      MockError,
      "Cannot restore: instance method already restored",
    );
  }
});

Deno.test("spy() of a class notes constructions", () => {
  class Point {
    constructor(readonly x: number) {
      if (x < 0) boom();
    }
  }
  const PointSpy = spy(Point);
  const point = new PointSpy(1);
  assertInstanceOf(point, Point);
  assertInstanceOf(point, PointSpy);
  assertThrows(() => new PointSpy(-1), RangeError, "boom");

  assertEquals(PointSpy.name, "Point");
  assertStrictEquals(PointSpy.original, Point);
  assertFalse(PointSpy.restored);
  assertSpyCall(PointSpy, 0, { args: [1], returned: point });
  assertSpyCall(PointSpy, 1, { args: [-1], error: { Class: RangeError } });
  assertThrows(
    () => PointSpy.restore(),
    MockError,
    "Cannot restore: constructor cannot be restored",
  );
});

Deno.test("stub() replaces a method by another, or by nothing", () => {
  const counter = new Counter();
  using add = stub(counter, "add", (by) => by * 10);
  assertEquals(counter.add(2), 20);
  assertEquals(add.fake.call(counter, 3), 30);
  assertStrictEquals(add.original, Counter.prototype.add);

  using missing = stub(counter as Counter & { save(): void }, "save");
  assertEquals((counter as Counter & { save(): void }).save(), undefined);
  assertSpyCalls(missing, 1);
});

Deno.test("spy() and stub() refuse what is no method, or fixed, or taken", () => {
  const object: Record<string, () => unknown> = { taken: boom };
  Object.defineProperties(object, {
    text: { value: "a" },
    fixed: { value: boom },
  });
  using _taken = spy(object, "taken");
  for (
    const [property, problem] of [
      ["text", "property is not an instance method"],
      ["taken", "already spying on instance method"],
      ["fixed", "non-configurable instance method"],
    ] as const
  ) {
    assertThrows(
      () => spy(object, property),
      MockError,
      `Cannot spy: ${problem}`,
    );
    assertThrows(
      () => stub(object, property),
      MockError,
      `Cannot stub: ${problem}`,
    );
  }
  assertThrows(
    () => spy({} as { missing(): void }, "missing"),
    MockError,
    "Cannot spy: property is not an instance method",
  );
});

Deno.test("restore() puts back the methods of a session and later ones", () => {
  const objects = [{ f: () => 0 }, { f: () => 1 }, { f: () => 2 }] as const;
  const values = () => objects.map(({ f }) => f());

  stub(objects[0], "f", () => 9);
  const id = mockSession();
  stub(objects[1], "f", () => 9);
  mockSession();
  stub(objects[2], "f", () => 9);
  assertEquals(values(), [9, 9, 9]);

  restore(id);
  assertEquals(values(), [9, 1, 2]);
  restore();
  assertEquals(values(), [0, 1, 2]);
  restore();
});

Deno.test("mockSession() and mockSessionAsync() wrap a function", async () => {
  const object = { f: () => 1 };
  function test(this: unknown, value: number): number {
    stub(object, "f", () => value);
    return value < 0 ? boom() : object.f();
  }
  const testAsync = mockSessionAsync(async (value: number) => {
    await Promise.resolve();
    return test(value);
  });

  assertEquals(mockSession(test)(9), 9);
  assertEquals(object.f(), 1);
  assertThrows(() => mockSession(test)(-1), RangeError);
  assertEquals(object.f(), 1);
  assertEquals(await testAsync(9), 9);
  assertEquals(object.f(), 1);
});

Deno.test("returnsThis(), returnsArg() and returnsArgs() return what they get", () => {
  const self = { f: returnsThis() };
  assertStrictEquals(self.f(), self);
  assertEquals(returnsArg<string>(1)("a", "b"), "b");
  assertEquals(returnsArg<string>(2)("a", "b"), undefined);
  assertEquals(returnsArgs<string[]>()("a", "b", "c"), ["a", "b", "c"]);
  assertEquals(returnsArgs<string[]>(1, 2)("a", "b", "c"), ["b"]);
});

Deno.test("returnsNext() and resolvesNext() go through values", async () => {
  const exhausted = "Not expected to be called more than 2 time(s)";
  const next = returnsNext(new Set([1, new RangeError("boom")]));
  assertEquals(next(), 1);
  assertThrows(next, RangeError, "boom");
  assertThrows(next, MockError, exhausted);

  const values = [1, new RangeError("boom")];
  for (
    const iterable of [
      values,
      values.map((value) => Promise.resolve(value)),
      ReadableStream.from(values),
    ]
  ) {
    const nextAsync = resolvesNext<number>(iterable);
    assertEquals(await nextAsync(), 1);
    const outcomes = await Promise.allSettled([nextAsync(), nextAsync()]);
    assertEquals(
      outcomes.map((outcome) =>
        outcome.status === "rejected" ? outcome.reason.message : outcome.value
      ),
      ["boom", exhausted],
    );
  }
});
