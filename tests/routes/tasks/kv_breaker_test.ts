import { assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { attempt } from "../../../routes/tasks/kv_attempt.ts";
import { breaker } from "../../../routes/tasks/kv_breaker.ts";
import { openTaskStore } from "../../../routes/tasks/kv_store.ts";
import { StoreError, type TaskStore } from "../../../routes/tasks/store.ts";
import { fieldsOf } from "./store_contract.ts";

/** Calls a database that answers when it is told to. */
class Calls {
  readonly #open: PromiseWithResolvers<void>[] = [];
  readonly call = breaker((body) => attempt(1, body));
  /** How often the database was called. */
  count = 0;

  /** Makes calls that are given up on, and resolves to why. */
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

  /** Makes a call that is answered at once. */
  succeed(): Promise<number> {
    return this.call(() => Promise.resolve(++this.count));
  }

  /** Answers all that was not answered. */
  async answer(): Promise<void> {
    for (const { resolve } of this.#open.splice(0)) resolve();
    // The answers reach those who gave up on them.
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

const REFUSED = "Cannot use the store: it has not answered the last 100 calls";
const LATE = "Cannot use the store: no answer within 1 ms";

Deno.test("breaker() lets one call at a time through after a hundred without an answer", async () => {
  const calls = new Calls();
  assertEquals(new Set(await calls.giveUp(100)), new Set([LATE]));

  assertEquals(await calls.giveUp(3), [LATE, REFUSED, REFUSED]);
  assertEquals(await calls.giveUp(2), [LATE, REFUSED]);
  assertEquals(calls.count, 102);
});

Deno.test("breaker() lets all calls through once one has succeeded", async () => {
  const calls = new Calls();
  await calls.giveUp(100);

  await calls.succeed();

  assertEquals(await calls.giveUp(3), [LATE, LATE, LATE]);
});

Deno.test("breaker() lets all calls through once what was given up on is answered", async () => {
  const calls = new Calls();
  await calls.giveUp(100);

  await calls.answer();

  assertEquals(await calls.giveUp(3), [LATE, LATE, LATE]);
});

Deno.test("breaker() does not count calls that fail in time", async () => {
  const call = breaker((body) => body(() => false) as Promise<never>);
  const fail = (): Promise<never> => Promise.reject(new RangeError("mine"));

  for (const _ of Array(200).keys()) {
    await assertRejects(() => call(fail), RangeError, "mine");
  }
});

const WRITES: Record<string, (store: TaskStore, id: string) => unknown> = {
  create: (store) => store.create(fieldsOf(), { key: "a", bodyHash: "" }),
  update: (store, id) => store.update(id, { done: true }),
  delete: (store, id) => store.delete(id),
};

for (const [name, write] of Object.entries(WRITES)) {
  Deno.test(`${name}() writes nothing once it has said that it is too late`, async () => {
    const kv = await Deno.openKv(":memory:");
    using _opens = stub(Deno, "openKv", () => Promise.resolve(kv));
    await using store = await openTaskStore({ timeoutMs: 100 });
    const before = await store.create(fieldsOf());
    const late = Promise.withResolvers<void>();
    const done = Promise.withResolvers<void>();
    const getMany = kv.getMany.bind(kv);
    // deno-lint-ignore no-explicit-any
    using _reads = stub(kv, "getMany", async (keys: any) => {
      await late.promise;
      const rows = await getMany(keys);
      // What the store does with them, it has begun by then.
      setTimeout(done.resolve);
      return rows;
    });

    await assertRejects(
      async () => await write(store, before.task.id),
      StoreError,
      "no answer within 100 ms",
    );
    late.resolve();
    await done.promise;

    const { items } = await store.list({}, { limit: 9 });
    assertEquals(items, [before.task]);
  });
}
