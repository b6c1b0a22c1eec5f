import {
  assert,
  assertEquals,
  assertFalse,
  assertInstanceOf,
  assertNotStrictEquals,
  assertRejects,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { assertSpyCall, assertSpyCalls, spy } from "@std/testing/mock";
import { FakeTime, TimeError } from "@std/testing/time";

const REAL = pickGlobals();

function pickGlobals(): Record<string, unknown> {
  const { Date, setTimeout, clearTimeout, setInterval, clearInterval } =
    globalThis;
  const { timeout } = AbortSignal;
  return {
    Date,
    setTimeout,
    clearTimeout,
    setInterval,
    clearInterval,
    timeout,
  };
}

/** Notes the fake time of each call. */
function clockedSpy(time: FakeTime): { calls: number[]; call: () => void } {
  const calls: number[] = [];
  return { calls, call: () => calls.push(time.now) };
}

Deno.test("FakeTime takes over the globals, and gives them back", () => {
  {
    using _time = new FakeTime();
    for (const [name, fake] of Object.entries(pickGlobals())) {
      assertNotStrictEquals(fake, REAL[name], name);
    }
  }
  assertEquals(pickGlobals(), REAL);
});

Deno.test("FakeTime begins at any time, by default now", () => {
  const starts: [number | string | Date | null | undefined, number][] = [
    [5, 5],
    [5.9, 5],
    [new Date(7), 7],
    ["1970-01-01T00:00:01Z", 1000],
  ];
  for (const [start, now] of starts) {
    using time = new FakeTime(start);
    assertEquals([time.start, time.now, Date.now()], [now, now, now]);
  }
  for (const start of [null, undefined]) {
    const before = Date.now();
    using time = new FakeTime(start);
    assert(time.start >= before && time.start < before + 60_000);
  }
  assertThrows(
    () => new FakeTime("never"),
    TypeError,
    "Cannot construct FakeTime: invalid start time NaN",
  );
});

Deno.test("FakeTime exists once, and ends once", () => {
  const time = new FakeTime();
  assertThrows(
    () => new FakeTime(),
    TimeError,
    "Cannot construct FakeTime: time is already faked",
  );
  time.restore();
  const error = assertThrows(
    () => time.restore(),
    TimeError,
    "Cannot restore time: time is already restored",
  );
  assertEquals(error.name, "TimeError");
  assertThrows(() => FakeTime.restore(), TimeError, "already restored");

  new FakeTime();
  FakeTime.restore();
  assertStrictEquals(Date, REAL.Date);
});

Deno.test("Date goes by the fake time", () => {
  using time = new FakeTime(1_000);
  time.tick(500);
  assertEquals(new Date().getTime(), 1_500);
  assertEquals(Date(), new Date(1_500).toString());
  assertEquals(new Date(7).getTime(), 7);
  assertEquals(new Date(2026, 0).getFullYear(), 2026);
  assertEquals(Date.UTC(1970, 0), 0);
  assertInstanceOf(new Date(), Date);
});

Deno.test("a fake Date that was kept goes by real time again", () => {
  const time = new FakeTime(0);
  const FakeDate = Date;
  time.restore();
  assert(FakeDate.now() > 0);
});

Deno.test("setTimeout() waits for its time", () => {
  using time = new FakeTime(0);
  const callback = spy();
  const id = setTimeout(callback, 10, "a", "b");
  assertEquals<unknown>(id, 1);
  time.tick(9);
  assertSpyCalls(callback, 0);
  time.tick();
  assertSpyCalls(callback, 0);
  time.tick(1);
  assertSpyCall(callback, 0, { args: ["a", "b"], self: undefined });
  time.tick(100);
  assertSpyCalls(callback, 1);
});

Deno.test("timers run in order of time, then of age", () => {
  using time = new FakeTime(0);
  const order: string[] = [];
  setTimeout(() => order.push("late"), 2);
  setTimeout(() => order.push("early"), 1);
  setTimeout(() => order.push("late too"), 2.9);
  setTimeout(() => {
    order.push("first");
    setTimeout(() => order.push("nested"));
  }, -5);
  time.tick(2);
  assertEquals(order, ["first", "nested", "early", "late", "late too"]);
});

Deno.test("setInterval() repeats until it is cleared", () => {
  using time = new FakeTime(0);
  const { calls, call } = clockedSpy(time);
  const id = setInterval(call, 10);
  time.tick(35);
  assertEquals(calls, [10, 20, 30]);
  clearInterval(id);
  time.tick(100);
  assertEquals(calls, [10, 20, 30]);

  const quick = clockedSpy(time);
  setInterval(quick.call);
  time.tick(2);
  assertEquals(quick.calls, [136, 137], "an interval of zero is one of one");
});

Deno.test("clearTimeout() clears a timer of any kind, even from its callback", () => {
  using time = new FakeTime(0);
  let calls = 0;
  const id = setInterval(() => {
    calls++;
    clearTimeout(id);
  }, 1);
  clearTimeout(setTimeout(() => calls++, 1));
  clearTimeout(undefined);
  clearTimeout(99);
  time.tick(5);
  assertEquals(calls, 1);
});

Deno.test("time stays where a timer throws", () => {
  using time = new FakeTime(0);
  const callback = spy();
  setTimeout(() => {
    throw new RangeError("boom");
  }, 5);
  setTimeout(callback, 7);
  assertThrows(() => time.tick(10), RangeError, "boom");
  assertEquals(time.now, 5);
  time.tick(2);
  assertSpyCalls(callback, 1);
});

Deno.test("time does not go back", () => {
  using time = new FakeTime(10);
  time.now = 10;
  assertThrows(
    () => time.now = 9,
    RangeError,
    "Cannot set current time in the past, time must be >= 10: received 9",
  );
});

Deno.test("AbortSignal.timeout() goes by the fake time", () => {
  using time = new FakeTime();
  const signal = AbortSignal.timeout(10);
  time.tick(9);
  assertFalse(signal.aborted);
  time.tick(1);
  const { name, message } = signal.reason;
  assertEquals([name, message], ["TimeoutError", "Signal timed out."]);
});

Deno.test("next() and runAll() go from timer to timer", () => {
  using time = new FakeTime(0);
  const { calls, call } = clockedSpy(time);
  setTimeout(call, 30);
  setTimeout(() => setTimeout(call, 50), 20);
  clearTimeout(setTimeout(call, 10));

  assert(time.next());
  assertEquals(time.now, 20);
  time.runAll();
  assertEquals(calls, [30, 70]);
  assertFalse(time.next());
  assertEquals(time.now, 70);
});

Deno.test("the asynchronous steps let promises run first", async () => {
  using time = new FakeTime(0);
  const { calls, call } = clockedSpy(time);

  Promise.resolve().then(() => setTimeout(call, 1));
  await time.tickAsync(1);
  Promise.resolve().then(() => setTimeout(call, 1));
  await time.tickAsync();
  assert(await time.nextAsync());
  assertFalse(await time.nextAsync());
  setTimeout(call, 10);
  Promise.resolve().then(() => setTimeout(call, 5));
  await time.runAllAsync();
  Promise.resolve().then(call);
  await time.runMicrotasks();

  assertEquals(calls, [1, 2, 7, 12, 12]);
});

Deno.test("delay() waits in real time, unless it is aborted", async () => {
  using time = new FakeTime(0);
  await time.delay(1);
  assertEquals(time.now, 0);

  const controller = new AbortController();
  const { signal } = controller;
  await time.delay(0, { signal });

  const delay = time.delay(60_000, { signal });
  await time.runMicrotasks();
  controller.abort();
  await assertRejects(() => delay, DOMException, "Delay was aborted.");
  await assertRejects(() => time.delay(60_000, { signal }), DOMException);
});

Deno.test("restoreFor() brings real time back for one call", async () => {
  await assertRejects(
    () => FakeTime.restoreFor(() => {}),
    TimeError,
    "Cannot restore time: time is not faked",
  );

  using _time = new FakeTime(0);
  const FakeDate = Date;
  assertStrictEquals(await FakeTime.restoreFor(() => Date), REAL.Date);
  assertStrictEquals(
    await FakeTime.restoreFor(async (value) => {
      await Promise.resolve();
      assertStrictEquals(Date, REAL.Date);
      return value;
    }, 7),
    7,
  );
  await assertRejects(
    () =>
      FakeTime.restoreFor(() => {
        throw new RangeError("boom");
      }),
    RangeError,
    "boom",
  );
  assertStrictEquals(Date, FakeDate);
});

Deno.test("FakeTime can pass by itself", async () => {
  using time = new FakeTime(0, { advanceRate: 1_000, advanceFrequency: 1 });
  await time.delay(20);
  assert(time.now >= 1_000);
  assertEquals(time.now % 1_000, 0);
});

Deno.test("FakeTime that passes by itself does so every 10 ms by default", async () => {
  using time = new FakeTime(0, { advanceRate: 1 });
  await time.delay(40);
  assert(time.now >= 10);
  assertEquals(time.now % 10, 0);
});

Deno.test("what was kept from a fake time ends with it", () => {
  const time = new FakeTime();
  const kept = { setTimeout, clearTimeout, setInterval, clearInterval };
  time.restore();
  assertThrows(
    () => kept.setTimeout(() => {}),
    TimeError,
    "Cannot set timeout: time is not faked",
  );
  assertThrows(() => kept.setInterval(() => {}), TimeError, "set interval");
  assertThrows(() => kept.clearTimeout(1), TimeError, "clear timeout");
  assertThrows(() => kept.clearInterval(1), TimeError, "clear interval");
});

Deno.test("FakeTime wants functions for callbacks", () => {
  using _time = new FakeTime();
  for (const set of [setTimeout, setInterval]) {
    assertThrows(
      () => set("code" as unknown as () => void),
      TimeError,
      "FakeTime does not support non-function callbacks to set",
    );
  }
});
