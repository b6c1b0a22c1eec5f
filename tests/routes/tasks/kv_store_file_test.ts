import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import {
  openTaskStore,
  type TaskStoreOptions,
} from "../../../routes/tasks/kv_store.ts";
import {
  type Change,
  StoreError,
  type TaskStore,
} from "../../../routes/tasks/store.ts";
import {
  fieldsOf,
  type StoreFixture,
  testTaskStore,
} from "./store_contract.ts";

/** A store in a file in a folder of its own. */
class FileFixture implements StoreFixture {
  readonly folder: string;
  readonly path: string;
  store!: TaskStore;
  now = Date.UTC(2026, 10, 23);

  constructor(folder: string) {
    this.folder = folder;
    this.path = `${folder}/tasks.sqlite3`;
  }

  static async open(): Promise<FileFixture> {
    const fixture = new FileFixture(await Deno.makeTempDir());
    fixture.store = await fixture.openAgain();
    return fixture;
  }

  /** Opens the file as another process does. */
  openAgain(options: TaskStoreOptions = {}): Promise<TaskStore> {
    const { path } = this;
    return openTaskStore({ path, now: () => this.now, ...options });
  }

  async reopen(): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    this.store = await this.openAgain();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

testTaskStore("in a file", () => FileFixture.open());

Deno.test("stores on one file write without a failed operation", async () => {
  await using fixture = await FileFixture.open();
  await using other = await fixture.openAgain();
  const stores = [fixture.store, other];
  const { task: { id } } = await other.create(fieldsOf());

  const results = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const store = stores[index % 2]!;
      const created = await store.create(fieldsOf());
      await store.update(created.task.id, { done: true });
      await store.update(
        id,
        index % 2 ? { title: `${index}` } : { done: true },
      );
      return await stores[(index + 1) % 2]!.get(created.task.id);
    }),
  );

  assertEquals(results.filter((stored) => stored?.task.done).length, 100);
  assertEquals((await other.get(id))?.task.done, true);
  assertEquals(await other.verify(), []);
});

Deno.test("a store tells what another one on its file changes", async () => {
  await using fixture = await FileFixture.open();
  await using other = await fixture.openAgain();
  const { signal } = new AbortController();
  const changes = await fixture.store.changes({ signal });

  const { version } = await other.create(fieldsOf());

  const seen: Change[] = [];
  for await (const change of changes) {
    seen.push(change);
    break;
  }
  assertEquals(seen[0]?.id, version);
});

Deno.test("a store waits for a lock that another program holds", async () => {
  await using fixture = await FileFixture.open();
  const { task: { id } } = await fixture.store.create(fieldsOf());
  using program = new DatabaseSync(fixture.path);
  program.exec("begin immediate");

  const writing = Promise.all([
    fixture.store.create(fieldsOf()),
    fixture.store.update(id, { done: true }),
    fixture.store.sweep(),
  ]);
  const read = await fixture.store.get(id);
  program.exec("rollback");
  const [, updated] = await writing;

  assertEquals(read?.task.done, false);
  assertEquals(updated?.task.done, true);
  assertEquals(await fixture.store.verify(), []);
});

Deno.test("a store is unavailable while a lock is held for longer", async () => {
  await using fixture = await FileFixture.open();
  await using impatient = await fixture.openAgain({ timeoutMs: 50 });
  using program = new DatabaseSync(fixture.path);
  program.exec("begin immediate");

  const error = await assertRejects(
    () => impatient.create(fieldsOf()),
    StoreError,
  );
  program.exec("rollback");

  assertEquals(error.code, "unavailable");
  assertInstanceOf(error.cause, TypeError);
  await impatient.create(fieldsOf());
  assertEquals(await impatient.verify(), []);
});

const WRITES: Record<
  string,
  (store: TaskStore, id: string, signal: AbortSignal) => Promise<unknown>
> = {
  create: (store, _id, signal) => store.create(fieldsOf(), undefined, signal),
  "create with a key": (store, _id, signal) =>
    store.create(fieldsOf(), { key: "a", bodyHash: "" }, signal),
  update: (store, id, signal) =>
    store.update(id, { done: true }, undefined, signal),
  delete: (store, id, signal) => store.delete(id, undefined, signal),
};

for (const [name, write] of Object.entries(WRITES)) {
  Deno.test(`a store does not begin to ${name} when the signal has aborted`, async () => {
    await using fixture = await FileFixture.open();
    const { store } = fixture;
    const before = await store.create(fieldsOf());
    using program = new DatabaseSync(fixture.path);
    program.exec("begin immediate");
    const stop = new AbortController();

    const writing = assertRejects(() =>
      write(store, before.task.id, stop.signal)
    );
    stop.abort();
    await writing;
    program.exec("rollback");

    const { items } = await store.list({}, { limit: 9 });
    assertEquals(items, [before.task]);
    assertEquals(await store.verify(), []);
  });
}

Deno.test("a store sweeps by itself", async () => {
  await using fixture = await FileFixture.open();
  await fixture.store.create(fieldsOf());
  const { version } = await fixture.store.create(fieldsOf());
  fixture.now += 25 * 60 * 60 * 1000;

  await using sweeping = await fixture.openAgain({ sweepMs: 1 });

  // The row that `after` names is swept at some time: then comes a reset.
  let first: Change | undefined;
  while (first?.event !== "reset") {
    const { signal } = new AbortController();
    const after = "0".repeat(20);
    for await (first of await sweeping.changes({ after, signal })) break;
  }
  assertEquals(first.id, version);
});
