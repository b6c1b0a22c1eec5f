import { assertEquals, assertInstanceOf, assertRejects } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import {
  type Collection,
  type CollectionDeclaration,
  type Database,
  StoreError,
} from "../../store/collection.ts";
import { type DatabaseOptions, openDatabase } from "../../store/database.ts";
import { type DatabaseFixture, testDatabase } from "./contract.ts";
import {
  fieldsOf,
  type OpenTasks,
  openTasks,
  patch,
  type TaskChange as Change,
  type TaskFields,
  verifyTasks,
} from "./tasks.ts";
import { verify } from "./verify.ts";

type Tasks = Collection<TaskFields>;

/** A database in a file in its own folder. */
class FileFixture implements DatabaseFixture {
  readonly folder: string;
  readonly path: string;
  database!: Database;
  now = Date.UTC(2026, 10, 23);

  constructor(folder: string) {
    this.folder = folder;
    this.path = `${folder}/tasks.sqlite3`;
  }

  static async open(): Promise<FileFixture> {
    const fixture = new FileFixture(await Deno.makeTempDir());
    fixture.database = await openDatabase(fixture.path, {
      now: () => fixture.now,
    });
    return fixture;
  }

  /** Opens the file as another process does. */
  openTasks(options: DatabaseOptions = {}): Promise<OpenTasks> {
    return openTasks(this.path, { now: () => this.now, ...options });
  }

  async reopen(): Promise<void> {
    await this.database[Symbol.asyncDispose]();
    this.database = await openDatabase(this.path, { now: () => this.now });
  }

  async verify(declaration: CollectionDeclaration): Promise<string[]> {
    using kv = await Deno.openKv(this.path);
    return await verify(kv, declaration);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

testDatabase("in a file", () => FileFixture.open());

Deno.test("databases on one file write without a failed operation", async () => {
  await using fixture = await FileFixture.open();
  await using one = await fixture.openTasks();
  await using two = await fixture.openTasks();
  const { tasks: other } = two;
  const stores = [one.tasks, other];
  const { value: { id } } = await other.create(fieldsOf());

  const results = await Promise.all(
    Array.from({ length: 100 }, async (_, index) => {
      const store = stores[index % 2]!;
      const created = await store.create(fieldsOf());
      await store.update(created.value.id, patch({ done: true }));
      await store.update(
        id,
        patch(index % 2 ? { title: `${index}` } : { done: true }),
      );
      return await stores[(index + 1) % 2]!.get(created.value.id);
    }),
  );

  assertEquals(results.filter((stored) => stored?.value.done).length, 100);
  assertEquals((await other.get(id))?.value.done, true);
  assertEquals(await verifyTasks(fixture.path), []);
});

Deno.test("a database follows what another process changes in its file", async () => {
  await using fixture = await FileFixture.open();
  await using one = await fixture.openTasks();
  await using other = await fixture.openTasks();
  const { signal } = new AbortController();
  const changes = await one.tasks.changes({ signal });

  const { version } = await other.tasks.create(fieldsOf());

  const seen: Change[] = [];
  for await (const change of changes) {
    seen.push(change);
    break;
  }
  assertEquals(seen[0]?.id, version);
});

Deno.test("a database waits for a lock that another program holds", async () => {
  await using fixture = await FileFixture.open();
  await using open = await fixture.openTasks();
  const { database, tasks } = open;
  const { value: { id } } = await tasks.create(fieldsOf());
  using program = new DatabaseSync(fixture.path);
  program.exec("begin immediate");

  const writing = Promise.all([
    tasks.create(fieldsOf()),
    tasks.update(id, patch({ done: true })),
    database.sweep(),
  ]);
  const read = await tasks.get(id);
  program.exec("rollback");
  const [, updated] = await writing;

  assertEquals(read?.value.done, false);
  assertEquals(updated?.value.done, true);
  assertEquals(await verifyTasks(fixture.path), []);
});

Deno.test("a database is unavailable while a lock is held for longer", async () => {
  await using fixture = await FileFixture.open();
  await using impatient = await fixture.openTasks({ timeoutMs: 50 });
  using program = new DatabaseSync(fixture.path);
  program.exec("begin immediate");

  const error = await assertRejects(
    () => impatient.tasks.create(fieldsOf()),
    StoreError,
  );
  program.exec("rollback");

  assertEquals(error.code, "unavailable");
  assertInstanceOf(error.cause, TypeError);
  await impatient.tasks.create(fieldsOf());
  assertEquals(await verifyTasks(fixture.path), []);
});

const WRITES: Record<
  string,
  (tasks: Tasks, id: string, signal: AbortSignal) => Promise<unknown>
> = {
  create: (tasks, _id, signal) => tasks.create(fieldsOf(), undefined, signal),
  "create with a key": (tasks, _id, signal) =>
    tasks.create(fieldsOf(), { key: "a", bodyHash: "" }, signal),
  update: (tasks, id, signal) =>
    tasks.update(id, patch({ done: true }), undefined, signal),
  delete: (tasks, id, signal) => tasks.delete(id, undefined, signal),
};

for (const [name, write] of Object.entries(WRITES)) {
  Deno.test(`a database does not begin to ${name} when the signal has aborted`, async () => {
    await using fixture = await FileFixture.open();
    await using open = await fixture.openTasks();
    const { tasks } = open;
    const before = await tasks.create(fieldsOf());
    using program = new DatabaseSync(fixture.path);
    program.exec("begin immediate");
    const stop = new AbortController();

    const writing = assertRejects(() =>
      write(tasks, before.value.id, stop.signal)
    );
    stop.abort();
    await writing;
    program.exec("rollback");

    const { items } = await tasks.list({}, { limit: 9 });
    assertEquals(items, [before.value]);
    assertEquals(await verifyTasks(fixture.path), []);
  });
}

Deno.test("a database sweeps by itself", async () => {
  await using fixture = await FileFixture.open();
  await using open = await fixture.openTasks();
  await open.tasks.create(fieldsOf());
  const { version } = await open.tasks.create(fieldsOf());
  fixture.now += 25 * 60 * 60 * 1000;

  await using sweeping = await fixture.openTasks({ sweepMs: 1 });

  // The row that `after` names is swept at some time: then comes a reset.
  let first: Change | undefined;
  while (first?.event !== "reset") {
    const { signal } = new AbortController();
    const after = "0".repeat(20);
    for await (first of await sweeping.tasks.changes({ after, signal })) break;
  }
  assertEquals(first.id, version);
});

const LOSSES: Record<string, (path: string) => Promise<void>> = {
  "is deleted": (path) => Deno.remove(path),
  "is replaced": async (path) => {
    await Deno.copyFile(path, `${path}.copy`);
    await Deno.rename(`${path}.copy`, path);
  },
};

for (const [loss, lose] of Object.entries(LOSSES)) {
  Deno.test(`a database is unavailable once its file ${loss}, and reports it once`, async () => {
    await using fixture = await FileFixture.open();
    const reports: string[] = [];
    const reported = Promise.withResolvers<void>();
    await using open = await fixture.openTasks({
      pollMs: 1,
      report: (message) => reported.resolve(void reports.push(message)),
    });
    await open.tasks.create(fieldsOf());
    await open.database.ping();

    await lose(fixture.path);
    await reported.promise;

    const calls = [
      () => open.tasks.create(fieldsOf()),
      () => open.database.ping(),
    ];
    for (const call of calls) {
      const error = await assertRejects(call, StoreError, "was deleted");
      assertEquals(error.code, "unavailable");
    }
    assertEquals(reports, [
      `The data file "${fixture.path}" was deleted or replaced: restart the server`,
    ]);
  });
}

Deno.test("a new file has greater versions than the one that was there before", async () => {
  const folder = await Deno.makeTempDir();
  const versions: string[] = [];
  for (const _ of [1, 2]) {
    await using database = await openDatabase(`${folder}/data/tasks.sqlite3`);
    const notes = await database.collection<{ text: string }>({
      name: "notes",
      indexes: [],
    });
    versions.push(await notes.version());
    await notes.create({ text: "Hi" });
    versions.push(await notes.version());
    await Deno.remove(`${folder}/data`, { recursive: true });
  }

  assertEquals(versions, versions.toSorted());
  await Deno.remove(folder, { recursive: true });
});
