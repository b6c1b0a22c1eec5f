/** Runs the backup of docs/deploy.md while others write. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import type { Collection } from "../store/collection.ts";
import {
  fieldsOf,
  openTasks,
  patch,
  type TaskFields,
  verifyTasks,
} from "./store/tasks.ts";

const WRITERS = 4;

// In a process of its own, as an operator does it: this one keeps writing.
const BACKUP =
  `import { DatabaseSync } from "node:sqlite"; const [from, to] = Deno.args; new DatabaseSync(from).prepare("vacuum into ?").run(to)`;

Deno.test("VACUUM INTO makes a whole copy while others write", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  const written: string[] = [];
  let before: string[];
  {
    await using open = await openTasks(path);
    const stop = new AbortController();
    const writing = Array.from(
      { length: WRITERS },
      () => write(open.tasks, written, stop.signal),
    );
    while (written.length < 100) await open.database.ping();

    before = [...written];
    await backUp(path, copy);
    stop.abort();
    await Promise.all(writing);
    assert(
      written.length > before.length,
      "nothing was written during the backup",
    );
    assertEquals(await verifyTasks(path), []);
  }

  // Restored: put at the place of the old file, without the logs of that.
  for (const end of ["", "-wal", "-shm"]) {
    await Deno.remove(`${path}${end}`).catch(() => {});
  }
  await Deno.rename(copy, path);
  await using open = await openTasks(path);
  const { tasks } = open;
  assertEquals(await verifyTasks(path), []);
  const found = await Promise.all(before.map((id) => tasks.get(id)));
  assertEquals(found.filter((it) => it === null).length, 0);
  const { value } = await tasks.create(FIELDS);
  assertEquals((await tasks.get(value.id))?.value, value);
  await open[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a copy of the file alone lacks what was written last", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  await using open = await openTasks(path);
  const { value: { id } } = await open.tasks.create(FIELDS);

  await Deno.copyFile(path, copy);

  // It may open or not. What was acknowledged is not in it.
  await assertRejects(async () => {
    await using copied = await openTasks(copy);
    if (await copied.tasks.get(id) === null) throw new Error("it is not there");
  });
  await open[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

const FIELDS = fieldsOf({ description: "x".repeat(1000) });

/** Creates, changes and deletes until it is stopped; returns what it has kept. */
async function write(
  tasks: Collection<TaskFields>,
  written: string[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { value: { id } } = await tasks.create(FIELDS);
    await tasks.update(id, patch({ done: true }));
    written.push(id);
    await tasks.delete((await tasks.create(FIELDS)).value.id);
  }
}

async function backUp(from: string, to: string): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", BACKUP, from, to],
  }).output();
  assert(success, new TextDecoder().decode(stderr));
}
