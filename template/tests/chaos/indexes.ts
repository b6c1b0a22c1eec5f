import { assert, assertEquals } from "@std/assert";
import { openDatabase } from "../../../store/database.ts";
import {
  fieldsOf,
  openTasks,
  patch,
  type TaskFields,
  TASKS,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
import { type Folder, openFolder, readLines, start } from "./_processes.ts";
import { tell } from "./_tell.ts";

const ROWS = 10_000;
/** How many must have been killed in the middle. */
const MIN_PARTIAL = 3;

Deno.test("processes that are killed while they build indexes leave them to the next one", async () => {
  await using folder = await openFolder();
  const path = await fill(folder);
  let killed = 0;
  let partial = 0;
  let hasEnded = false;

  for (let round = 0; !hasEnded; round++) {
    const process = start("_builder.ts", [path]);
    const lines = readLines<string>(process.stdout);
    await lines.next();
    const timer = setTimeout(
      () => process.kill("SIGKILL"),
      60 + 30 * Math.random() + round * 40,
    );
    const { value } = await lines.next();
    clearTimeout(timer);
    hasEnded = value === "opened";
    await lines.return(undefined);
    await process.status;
    if (hasEnded) break;
    killed++;
    const count = await countOf(path);
    if (count > 0 && count < ROWS) partial++;
  }

  assert(partial >= MIN_PARTIAL, `only ${partial} were killed in the middle`);
  assertEquals(await verifyTasks(path), []);
  assertEquals(await countOf(path), ROWS);
  tell(`${killed} killed, ${partial} in the middle, ${ROWS} rows, 0 lost`);
});

Deno.test("two processes and a writer that open a file together build its indexes", async () => {
  await using folder = await openFolder();
  const path = await fill(folder);

  const builders = [1, 2].map(() => start("_builder.ts", [path]));
  const told = builders.map(({ stdout }) => Array.fromAsync(readLines(stdout)));
  await using open = await openTasks(path, { timeoutMs: 60_000 });
  const { tasks } = open;
  // The other two may still build.
  const { items } = await tasks.list({}, { limit: 100 });
  await Promise.all(
    items.map(({ id }, place) =>
      place % 3 === 0
        ? tasks.delete(id)
        : tasks.update(id, patch({ dueOn: "2026-11-23", done: true }))
    ),
  );

  for (const lines of await Promise.all(told)) {
    assertEquals(lines, ["opening", "opened"]);
  }
  for (const { status } of builders) assertEquals((await status).code, 0);
  assertEquals(await verifyTasks(path), []);
  const page = await tasks.list({ dueOn: "2026-11-23" }, { limit: 100 });
  assertEquals(page.items.length, 66);
});

/** Makes a file of tasks that have no index. */
async function fill(folder: Folder): Promise<string> {
  const path = `${folder.path}/tasks.sqlite3`;
  await using database = await openDatabase(path);
  const tasks = await database.collection<TaskFields>({
    ...TASKS,
    indexes: [],
  });
  const { signal } = new AbortController();
  for (let left = ROWS; left > 0; left -= 500) {
    await Promise.all(
      Array.from(
        { length: 500 },
        () => tasks.create(fieldsOf(), undefined, signal),
      ),
    );
  }
  return path;
}

/** How many rows the index of priorities has. */
async function countOf(path: string): Promise<number> {
  using kv = await Deno.openKv(path);
  const prefix = ["tasks", 1, "priority"];
  let count = 0;
  for await (const _ of kv.list({ prefix })) count++;
  return count;
}
