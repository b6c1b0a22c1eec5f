import { assert, assertEquals } from "@std/assert";
import type { Collection } from "../../../store/collection.ts";
import {
  fieldsOf,
  NOTES,
  openTasks,
  type TaskFields,
  verifyRows,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
import { type Acknowledged, PATIENCE_MS } from "./_writer.ts";
import { tell } from "./_tell.ts";
import { openFolder, readLog, start, startWriter } from "./_processes.ts";

const PROCESSES = 8;
const WORKERS = 4;
const TURNS = 60;
/** How long an operation may take by default. */
const DEFAULT_MS = 5000;

Deno.test("eight processes and four workers write to one file without a failed operation", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  await using open = await openTasks(path, { timeoutMs: PATIENCE_MS });
  const { tasks: store } = open;
  const { value: { id: shared } } = await store.create(fieldsOf());
  const { signal } = new AbortController();
  const { from } = await store.changes({ signal });
  const end = Promise.withResolvers<string>();
  const followers = [1, 5, 1000].map((patience) =>
    follow(store, from, end.promise, patience)
  );

  const told = (await Promise.all([
    ...Array.from({ length: PROCESSES }, async () => {
      const { process, lines } = startWriter(path, TURNS, shared);
      const told = await Array.fromAsync(lines);
      assertEquals((await process.status).code, 0);
      return told;
    }),
    ...Array.from({ length: WORKERS }, () => runWorker(path)),
  ])).flat();

  const log = await readLog(store, from);
  const ids = log.map(({ id }) => id);
  assertEquals(ids, [...new Set(ids)].sort());
  assertEquals(ids.length, told.length);
  // What was written together has one version.
  const versions = new Set(ids.map((id) => id.slice(0, 20)));
  const acknowledged = told.flatMap(({ version }) => version ?? []);
  assertEquals(acknowledged.filter((it) => !versions.has(it)), []);
  assertEquals(await verifyTasks(path), []);
  assertEquals(await verifyRows(path, NOTES), []);

  end.resolve(ids.at(-1)!);
  for (const seen of await Promise.all(followers)) assertEquals(seen, ids);
  const late = told.filter(({ ms }) => ms > DEFAULT_MS).length;
  const longest = Math.round(Math.max(...told.map(({ ms }) => ms)));
  tell(
    `${told.length} operations in ${versions.size} commits, 0 failed, 0 lost, 0 twice; the longest took ${longest} ms, ${late} more than ${DEFAULT_MS} ms`,
  );
  assert(late <= told.length / 1000, `${late} took more than ${DEFAULT_MS} ms`);
});

Deno.test("processes that open a file together after a crash all open it", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  for (let round = 0; round < 10; round++) {
    const { process, lines } = startWriter(path, 1_000_000);
    let count = 0;
    for await (const _ of lines) if (count++ === 0) process.kill("SIGKILL");
    await process.status;

    const opened = await Promise.all(
      Array.from({ length: 6 }, async () => {
        const { stdout, status } = start("_builder.ts", [path]);
        await new Response(stdout).text();
        return (await status).code;
      }),
    );

    assertEquals(opened, Array(6).fill(0));
  }
});

/** Takes the turns of one writer in its own thread. */
async function runWorker(path: string): Promise<Acknowledged[]> {
  const url = new URL("./_worker.ts", import.meta.url);
  const worker = new Worker(url, { type: "module" });
  const { promise, resolve, reject } = Promise.withResolvers<Acknowledged[]>();
  worker.onmessage = ({ data }) => resolve(data);
  worker.onerror = ({ message }) => reject(new Error(message));
  worker.postMessage({ path, turns: TURNS });
  try {
    return await promise;
  } finally {
    worker.terminate();
  }
}

/** Follows in pieces, as a client that loses its connection, up to the end. */
async function follow(
  store: Collection<TaskFields>,
  from: string,
  end: Promise<string>,
  patience: number,
): Promise<string[]> {
  const seen: string[] = [];
  let last: string | undefined;
  const stop = new AbortController();
  end.then((id) => {
    last = id;
    // Nothing may be left to wake it.
    if (seen.at(-1) === last) stop.abort();
  });
  while (seen.at(-1) !== last || last === undefined) {
    let count = 0;
    const { signal } = stop;
    const after = seen.at(-1) ?? from;
    for await (const { id } of await store.changes({ after, signal })) {
      seen.push(id);
      if (id === last || ++count === patience) break;
    }
  }
  return seen;
}
