import {
  assert,
  assertEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { attempt } from "../../../routes/tasks/kv_attempt.ts";
import { StoreError } from "../../../routes/tasks/store.ts";

const LOCKED = new TypeError("database is locked");

Deno.test("attempt() resolves to what its body resolves to", async () => {
  for (const result of [null, false, 0, "", {}]) {
    assertEquals(await attempt(1000, () => Promise.resolve(result)), result);
  }
});

Deno.test("attempt() tries again while the database is locked", async () => {
  let calls = 0;

  const result = await attempt(5000, () => {
    return ++calls < 6 ? Promise.reject(LOCKED) : Promise.resolve("done");
  });

  assertEquals([result, calls], ["done", 6]);
});

Deno.test("attempt() gives up after 50 lost races", async () => {
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

Deno.test("attempt() tells why when the time is up", async () => {
  const error = await assertRejects(
    () => attempt(20, () => Promise.reject(LOCKED)),
    StoreError,
    "Cannot use the store: no answer within 20 ms",
  );

  assertEquals(error.code, "unavailable");
  assertStrictEquals(error.cause, LOCKED);
});

Deno.test("attempt() does not wait for a body that never answers", async () => {
  const error = await assertRejects(
    () => attempt(1, () => new Promise(() => {})),
    StoreError,
  );

  assertEquals([error.code, error.cause], ["unavailable", undefined]);
});

Deno.test("attempt() minds no answer that comes too late", async () => {
  using time = new FakeTime();
  const late = [
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
  ] as const;
  let calls = 0;

  const attempts = late.map(({ promise }) =>
    attempt(1, () => {
      calls++;
      return promise;
    })
  );
  await time.tickAsync(1);
  const results = await Promise.allSettled(attempts);
  late[0].reject(new Error("cut off"));
  late[1].reject(LOCKED);
  late[2].resolve(undefined);
  // Two of them are a moment away from another try.
  await time.tickAsync(10);

  assert(results.every(({ status }) => status === "rejected"));
  assertEquals(calls, 3);
});

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
  Deno.test(`attempt() is unavailable after "${failure.message}"`, async () => {
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
  Deno.test(`attempt() passes on "${mistake}"`, async () => {
    const [result] = await Promise.allSettled([
      attempt(1000, () => Promise.reject(mistake)),
    ]);

    assertEquals(result, { status: "rejected", reason: mistake });
  });
}
