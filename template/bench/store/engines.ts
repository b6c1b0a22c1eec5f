/**
 * The same work in three ways: by the store, by raw calls of Deno KV, and by SQLite.
 *
 * @module
 */

import { DatabaseSync } from "node:sqlite";
import type { Value } from "../../../store/collection.ts";
import { openDatabase } from "../../../store/database.ts";
import { createUlid } from "../../../store/ulid.ts";

/** The fields of a task. */
export interface TaskFields {
  readonly title: string;
  readonly description: string;
  readonly priority: string;
  readonly done: boolean;
  readonly dueOn: string | null;
}

type Task = Value<TaskFields>;

/** What is measured. */
export interface Engine extends AsyncDisposable {
  /** Its name in the table. */
  readonly name: string;
  /** Creates a task, with its copies and its row of the log. Resolves to its id. */
  create(fields: TaskFields): Promise<string>;
  /** Reads a task. */
  get(id: string): Promise<unknown>;
  /** Marks a task as done. */
  update(id: string): Promise<unknown>;
  /** Deletes a task. */
  delete(id: string): Promise<unknown>;
  /** Reads twenty tasks that are not done, newest first. */
  page(): Promise<unknown>;
}

/** Opens each engine on its own file in a folder. */
export async function openEngines(folder: string): Promise<Engine[]> {
  return [
    await openStore(`${folder}/store.sqlite3`),
    await openRawKv(`${folder}/kv.sqlite3`),
    openSqlite(`${folder}/sqlite.sqlite3`),
  ];
}

async function openStore(path: string): Promise<Engine> {
  const database = await openDatabase(path, { timeoutMs: 60_000 });
  const tasks = await database.collection<TaskFields>({
    name: "tasks",
    indexes: ["done", "priority"],
  });
  return {
    name: "the store",
    create: async (fields) => (await tasks.create(fields)).value.id,
    get: (id) => tasks.get(id),
    update: (id) => tasks.update(id, (task) => ({ ...task, done: true })),
    delete: (id) => tasks.delete(id),
    page: () => tasks.list({ done: false }, { limit: 20 }),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

const SPACE = ["tasks", 1];

/** The same rows, one atomic operation a write, and nothing that may fail. */
async function openRawKv(path: string): Promise<Engine> {
  const read = await Deno.openKv(path);
  const write = await Deno.openKv(path);
  const ulid = createUlid(Date.now);

  function log(
    atomic: Deno.AtomicOperation,
    event: string,
    task: Task,
  ): Promise<Deno.KvCommitResult | Deno.KvCommitError> {
    const name = crypto.randomUUID();
    const row = { event, task, at: Date.now(), write: name };
    return atomic.set([...SPACE, "log", write.commitVersionstamp()], row)
      .set([...SPACE, "rev"], name).commit();
  }
  const keyOf = (id: string): Deno.KvKey => [...SPACE, "task", id];
  const doneOf = ({ done, id }: Task): Deno.KvKey => [
    ...SPACE,
    "done",
    done,
    id,
  ];
  const priorityOf = ({ priority, id }: Task): Deno.KvKey => [
    ...SPACE,
    "priority",
    priority,
    id,
  ];

  return {
    name: "raw Deno KV",
    async create(fields): Promise<string> {
      const task = newTask(ulid(), fields);
      const key = keyOf(task.id);
      const atomic = write.atomic().check({ key, versionstamp: null })
        .set(key, task).set(doneOf(task), task).set(priorityOf(task), task);
      await log(atomic, "created", task);
      return task.id;
    },
    get: (id) => read.get(keyOf(id)),
    async update(id): Promise<void> {
      const row = await read.get<Task>(keyOf(id));
      const was = row.value!;
      const task = { ...was, done: true, updatedAt: new Date().toISOString() };
      const atomic = write.atomic().check(row).delete(doneOf(was))
        .set(row.key, task).set(doneOf(task), task).set(priorityOf(task), task);
      await log(atomic, "updated", task);
    },
    async delete(id): Promise<void> {
      const row = await read.get<Task>(keyOf(id));
      const was = row.value!;
      const atomic = write.atomic().check(row).delete(row.key)
        .delete(doneOf(was)).delete(priorityOf(was));
      await log(atomic, "deleted", was);
    },
    page: () =>
      Array.fromAsync(read.list(
        { prefix: [...SPACE, "done", false] },
        { reverse: true, limit: 21, batchSize: 21 },
      )),
    [Symbol.asyncDispose](): Promise<void> {
      read.close();
      write.close();
      return Promise.resolve();
    },
  };
}

/** Tables in place of copies, and a transaction in place of an atomic operation. */
function openSqlite(path: string): Engine {
  const db = new DatabaseSync(path);
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = full;
    create table tasks (id text primary key, done int, priority text, body text);
    create index by_done on tasks (done, id);
    create index by_priority on tasks (priority, id);
    create table log (version integer primary key, event text, body text, at int);
  `);
  const insert = db.prepare("insert or replace into tasks values (?, ?, ?, ?)");
  const select = db.prepare("select body from tasks where id = ?");
  const remove = db.prepare("delete from tasks where id = ?");
  const append = db.prepare("insert into log values (null, ?, ?, ?)");
  const list = db.prepare(
    "select body from tasks where done = 0 order by id desc limit 21",
  );
  const ulid = createUlid(Date.now);

  function write(event: string, task: Task, change: () => void): void {
    db.exec("begin immediate");
    change();
    append.run(event, JSON.stringify(task), Date.now());
    db.exec("commit");
  }
  function put(event: string, task: Task): void {
    const { id, done, priority } = task;
    write(event, task, () => {
      insert.run(id, Number(done), priority, JSON.stringify(task));
    });
  }
  function find(id: string): Task {
    return JSON.parse(select.get(id)!.body as string);
  }

  // Asynchronous like the others: what is measured is called in the same way.
  return {
    name: "node:sqlite",
    create(fields): Promise<string> {
      const task = newTask(ulid(), fields);
      put("created", task);
      return Promise.resolve(task.id);
    },
    get: (id) => Promise.resolve(find(id)),
    update(id): Promise<void> {
      const updatedAt = new Date().toISOString();
      return Promise.resolve(
        put("updated", { ...find(id), done: true, updatedAt }),
      );
    },
    delete: (id) =>
      Promise.resolve(write("deleted", find(id), () => remove.run(id))),
    page: () =>
      Promise.resolve(list.all().map(({ body }) => JSON.parse(body as string))),
    [Symbol.asyncDispose]: () => Promise.resolve(db.close()),
  };
}

function newTask(id: string, fields: TaskFields): Task {
  const at = new Date().toISOString();
  return { id, ...fields, createdAt: at, updatedAt: at };
}
