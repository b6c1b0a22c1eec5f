/** What the README says about backup, done while others write. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { openTaskStore } from "../routes/tasks/kv_store.ts";
import type { TaskStore } from "../routes/tasks/store.ts";

const WRITERS = 4;

// In a process of its own, as an operator does it: this one goes on writing.
const BACKUP =
  `import { DatabaseSync } from "node:sqlite"; const [from, to] = Deno.args; new DatabaseSync(from).prepare("vacuum into ?").run(to)`;

Deno.test("VACUUM INTO makes a whole copy while others write", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  const written: string[] = [];
  let before: string[];
  {
    await using store = await openTaskStore({ path });
    const stop = new AbortController();
    const writing = Array.from(
      { length: WRITERS },
      () => write(store, written, stop.signal),
    );
    while (written.length < 100) await store.ping();

    before = [...written];
    await backUp(path, copy);
    stop.abort();
    await Promise.all(writing);
    assert(written.length > before.length, "nobody wrote during the backup");
    assertEquals(await store.verify(), []);
  }

  // Restored: put at the place of the old file, without the logs of that.
  for (const end of ["", "-wal", "-shm"]) {
    await Deno.remove(`${path}${end}`).catch(() => {});
  }
  await Deno.rename(copy, path);
  await using store = await openTaskStore({ path });
  assertEquals(await store.verify(), []);
  const found = await Promise.all(before.map((id) => store.get(id)));
  assertEquals(found.filter((it) => it === null).length, 0);
  const { task } = await store.create(FIELDS);
  assertEquals((await store.get(task.id))?.task, task);
  await store[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a copy of the file alone lacks what was written last", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  await using store = await openTaskStore({ path });
  const { task } = await store.create(FIELDS);

  await Deno.copyFile(path, copy);

  // It may open or not. What was acknowledged is not in it.
  await assertRejects(async () => {
    await using copied = await openTaskStore({ path: copy });
    if (await copied.get(task.id) === null) throw new Error("it is not there");
  });
  await store[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

const FIELDS = {
  title: "Write",
  description: "x".repeat(1000),
  priority: "low" as const,
  done: false,
  dueOn: null,
};

/** Creates, changes and deletes until it is told to stop; tells what it has kept. */
async function write(
  store: TaskStore,
  written: string[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { task: { id } } = await store.create(FIELDS);
    await store.update(id, { done: true });
    written.push(id);
    await store.delete((await store.create(FIELDS)).task.id);
  }
}

async function backUp(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", BACKUP, from, to],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}
