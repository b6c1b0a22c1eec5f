import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { stub } from "@std/testing/mock";
import {
  type Body,
  Caller,
  CallerError,
  type Signal,
} from "../../store/call.ts";
import { type Collection, StoreError } from "../../store/collection.ts";
import { fieldsOf, openTasks, patch, type TaskFields } from "./tasks.ts";

/** Makes one call. */
async function attempt<T>(timeoutMs: number, body: Body<T>): Promise<T> {
  using caller = new Caller(timeoutMs);
  return await caller.call(body);
}

const LOCKED = new TypeError("database is locked");

Deno.test("Caller.call() resolves to what its body resolves to", async () => {
  for (const result of [null, false, 0, "", {}]) {
    assertEquals(await attempt(1000, () => Promise.resolve(result)), result);
  }
});

Deno.test("Caller.call() tries again while the database is locked", async () => {
  let calls = 0;

  const result = await attempt(5000, () => {
    return ++calls < 6 ? Promise.reject(LOCKED) : Promise.resolve("done");
  });

  assertEquals([result, calls], ["done", 6]);
});

Deno.test("Caller.call() gives up after 50 lost races", async () => {
  using time = new FakeTime();
  let calls = 0;

  const attempting = assertRejects(
    () => attempt(60_000, () => Promise.resolve(void calls++)),
    StoreError,
  );
  await time.runAllAsync();
  const error = await attempting;

  assertEquals([error.code, calls], ["conflict", 50]);
});

Deno.test("Caller.call() rejects with the cause when it times out", async () => {
  const error = await assertRejects(
    () => attempt(20, () => Promise.reject(LOCKED)),
    StoreError,
    "Cannot use the store: no response within 20 ms",
  );

  assertEquals([error.name, error.code], ["StoreError", "unavailable"]);
  assertStrictEquals(error.cause, LOCKED);
});

Deno.test("Caller.call() does not wait for a body that never responds", async () => {
  const error = await assertRejects(
    () => attempt(1, () => new Promise(() => {})),
    StoreError,
  );

  assertEquals([error.code, error.cause], ["unavailable", undefined]);
});

Deno.test("Caller.call() ignores a body that ends after it timed out", async () => {
  const ends: Record<string, (end: PromiseWithResolvers<undefined>) => void> = {
    "an error": ({ reject }) => reject(new Error("cut off")),
    "a lock": ({ reject }) => reject(LOCKED),
    "a lost race": ({ resolve }) => resolve(undefined),
  };
  for (const [name, end] of Object.entries(ends)) {
    const body = Promise.withResolvers<undefined>();
    let calls = 0;
    await assertRejects(
      () =>
        attempt(1, () => {
          calls++;
          return body.promise;
        }),
      StoreError,
    );

    end(body);
    // Until another try would have begun.
    await new Promise((done) => setTimeout(done, 5));

    assertEquals(calls, 1, name);
  }
});

Deno.test("Caller.call() rejects with the reason of its signal, and runs the body no more", async () => {
  using caller = new Caller(5000);
  const stop = new AbortController();
  const reason = new Error("gone");
  let calls = 0;
  const body = (signal: Signal): Promise<undefined> => {
    if (++calls === 2) stop.abort(reason);
    assertEquals(signal.aborted, calls === 2);
    return Promise.resolve(undefined);
  };

  const results = await Promise.allSettled([
    caller.call(body, stop.signal),
  ]);
  results.push(...await Promise.allSettled([caller.call(body, stop.signal)]));

  assertEquals(results, Array(2).fill({ status: "rejected", reason }));
  assertEquals(calls, 2);
});

Deno.test("Caller.call() times out in the order of the calls, with one timer", async () => {
  using caller = new Caller(20);
  using timers = stub(globalThis, "setTimeout", setTimeout);
  const ended: number[] = [];
  await Promise.all(Array.from({ length: 50 }, async (_, call) => {
    if (call % 5 === 0) return await caller.call(() => Promise.resolve(true));
    await caller.call(() => new Promise<never>(() => {}))
      .catch(() => ended.push(call));
  }));

  assertEquals(ended.length, 40);
  assertEquals(ended, ended.toSorted((a, b) => a - b));
  assert(timers.calls.length < 10, `${timers.calls.length} timers`);
});

Deno.test("Caller rejects every call once it is closed", async () => {
  const caller = new Caller(5000);
  const pending = assertRejects(
    () => caller.call(() => new Promise<never>(() => {})),
    StoreError,
    "Cannot use the store: it is closed",
  );
  caller[Symbol.dispose]();
  const later = assertRejects(
    () => caller.call(() => Promise.resolve(true)),
    StoreError,
    "Cannot use the store: it is closed",
  );

  assertEquals((await pending).code, "unavailable");
  assertEquals((await later).code, "unavailable");
});

Deno.test("Caller.call() rejects with the cause of an error of its caller", async () => {
  for (const cause of [LOCKED, new Error("mine"), "a string"]) {
    const [result] = await Promise.allSettled([
      attempt(1000, () => Promise.reject(new CallerError("", { cause }))),
    ]);

    assertEquals(result, { status: "rejected", reason: cause });
  }
});

const TOO_LARGE = [
  "Value too large (max 65536 bytes)",
  "Key too large for write (max 2048 bytes)",
  "Total mutation size too large (max 819200 bytes)",
  "Too many mutations (max 1000)",
];
for (const message of TOO_LARGE) {
  Deno.test(`Caller.call() is too large after "${message}"`, async () => {
    const error = await assertRejects(
      () => attempt(1000, () => Promise.reject(new TypeError(message))),
      StoreError,
      message,
    );

    assertEquals(error.code, "too-large");
  });
}

const FAILURES = [
  new TypeError("Database is closed."),
  new TypeError("database or disk is full"),
  new TypeError("disk I/O error"),
  new TypeError("Can not write to a read-only database."),
  new TypeError("database disk image is malformed"),
  new Error("error sending request for url"),
  new Deno.errors.BadResource("Bad resource ID"),
];
for (const failure of FAILURES) {
  Deno.test(`Caller.call() is unavailable after "${failure.message}"`, async () => {
    const error = await assertRejects(
      () => attempt(1000, () => Promise.reject(failure)),
      StoreError,
      "Cannot use the store: the database failed",
    );

    assertEquals(error.code, "unavailable");
    assertStrictEquals(error.cause, failure);
  });
}

const MISTAKES = [
  new TypeError("task is not a function"),
  new RangeError("Invalid time value"),
  new Deno.errors.NotCapable("Requires read access"),
  new StoreError("key-reused", "Cannot create the task"),
  "a string",
];
for (const mistake of MISTAKES) {
  Deno.test(`Caller.call() passes on "${mistake}"`, async () => {
    const [result] = await Promise.allSettled([
      attempt(1000, () => Promise.reject(mistake)),
    ]);

    assertEquals(result, { status: "rejected", reason: mistake });
  });
}

/** Calls a database that responds when a test lets it. */
class Calls {
  readonly #open: PromiseWithResolvers<void>[] = [];
  readonly call = new Caller(1).call;
  /** How often the database was called. */
  count = 0;

  /** Makes calls that time out, and resolves to their errors. */
  giveUp(count: number): Promise<string[]> {
    return Promise.all(Array.from({ length: count }, async () => {
      const error = await assertRejects(
        () => this.call(() => this.#wait()),
        StoreError,
      );
      assertEquals(error.code, "unavailable");
      return error.message;
    }));
  }

  /** Makes a call that gets a response immediately. */
  succeed(): Promise<number> {
    return this.call(() => Promise.resolve(++this.count));
  }

  /** Responds to all calls that got no response. */
  async answer(): Promise<void> {
    for (const { resolve } of this.#open.splice(0)) resolve();
    // The responses reach the calls that timed out.
    await new Promise((done) => setTimeout(done));
  }

  async #wait(): Promise<true> {
    this.count++;
    const call = Promise.withResolvers<void>();
    this.#open.push(call);
    await call.promise;
    return true;
  }
}

const REFUSED = "Cannot use the store: the last 100 calls got no response";
const LATE = "Cannot use the store: no response within 1 ms";

Deno.test("Caller.call() runs one call at a time after a hundred without a response", async () => {
  const calls = new Calls();
  assertEquals(new Set(await calls.giveUp(100)), new Set([LATE]));

  assertEquals(await calls.giveUp(3), [LATE, REFUSED, REFUSED]);
  assertEquals(await calls.giveUp(2), [LATE, REFUSED]);
  assertEquals(calls.count, 102);
});

Deno.test("Caller.call() runs all calls once one has succeeded", async () => {
  const calls = new Calls();
  await calls.giveUp(100);

  await calls.succeed();

  assertEquals(await calls.giveUp(3), [LATE, LATE, LATE]);
});

Deno.test("Caller.call() runs all calls once those that timed out got a response", async () => {
  const calls = new Calls();
  await calls.giveUp(100);

  await calls.answer();

  assertEquals(await calls.giveUp(3), [LATE, LATE, LATE]);
});

Deno.test("Caller.call() does not count calls that fail in time", async () => {
  using caller = new Caller(1000);
  const fail = (): Promise<never> => Promise.reject(new RangeError("mine"));

  for (const _ of Array(200).keys()) {
    await assertRejects(() => caller.call(fail), RangeError, "mine");
  }
});

const WRITES: Record<
  string,
  (tasks: Collection<TaskFields>, id: string) => Promise<unknown>
> = {
  create: (tasks) => tasks.create(fieldsOf(), { key: "a", bodyHash: "" }),
  update: (tasks, id) => tasks.update(id, patch({ done: true })),
  delete: (tasks, id) => tasks.delete(id),
};

for (const [name, write] of Object.entries(WRITES)) {
  Deno.test(`${name}() writes nothing once it has timed out`, async () => {
    const kv = await Deno.openKv(":memory:");
    using _opens = stub(Deno, "openKv", () => Promise.resolve(kv));
    await using open = await openTasks(undefined, { timeoutMs: 100 });
    const { tasks } = open;
    const before = await tasks.create(fieldsOf());
    const late = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const getMany = kv.getMany.bind(kv);
    // deno-lint-ignore no-explicit-any
    using _reads = stub(kv, "getMany", async (keys: any) => {
      await late.promise;
      const rows = await getMany(keys);
      // By then the store has begun to use them.
      setTimeout(done.resolve);
      return rows;
    });

    await assertRejects(
      () => write(tasks, before.value.id),
      StoreError,
      "no response within 100 ms",
    );
    late.resolve();
    await done.promise;

    const { items } = await tasks.list({}, { limit: 9 });
    assertEquals(items, [before.value]);
  });
}
