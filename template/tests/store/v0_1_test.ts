/**
 * Opens a data file that version 0.1 wrote.
 *
 * `v0_1.sqlite3` was written by `routes/tasks/kv_store.ts` as of the commit
 * "refactor(bench): results.ts takes the medians; docs: whose second run it was"
 * (2026-11-26) and vacuumed: seven tasks were created, one of them with an idempotency
 * key and three in one commit, then two changed and one deleted. `v0_1.json` is what
 * that store returned for it.
 */

import { assertEquals } from "@std/assert";
import {
  fieldsOf,
  openTasks,
  type Task,
  TASKS,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
import expected from "./v0_1.json" with { type: "json" };

const FILE = new URL("v0_1.sqlite3", import.meta.url);

Deno.test("a data file of 0.1 opens, with each row as it was and the new index", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;
  await Deno.copyFile(FILE, path);
  {
    await using open = await openTasks(path, { now: () => expected.now });
    const { tasks } = open;

    for (const stored of expected.stored) {
      const found = await tasks.get(stored.value.id);
      assertEquals(JSON.stringify(found), JSON.stringify(stored));
    }
    assertEquals(await tasks.get(expected.deleted), null);
    const all = expected.stored.map(({ value }) => value as Task);
    for (const index of ["done", "priority", "dueOn"] as const) {
      for (const value of new Set(all.map((task) => task[index]))) {
        const { items } = await tasks.list({ [index]: value }, { limit: 20 });
        assertEquals(items, all.filter((task) => task[index] === value));
      }
    }
    const { after, changes, replay } = expected;
    const stop = new AbortController();
    const seen: unknown[] = [];
    for await (
      const change of await tasks.changes({ after, signal: stop.signal })
    ) {
      if (seen.push(change) === changes.length) stop.abort();
    }
    assertEquals(seen, changes);
    const once = { key: "a key", bodyHash: "a hash" };
    assertEquals(
      JSON.stringify(await tasks.create(fieldsOf(), once)),
      JSON.stringify(replay),
    );
  }
  assertEquals(await verifyTasks(path), []);

  const before = await lastVersionIn(path);
  await using again = await openTasks(path);
  await again.tasks.list({}, { limit: 1 });
  assertEquals(await lastVersionIn(path), before);
  await again[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("opening a data file of 0.1 leaves its rows byte for byte", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;
  await Deno.copyFile(FILE, path);
  const before = await rowsIn(path);
  {
    await using _open = await openTasks(path);
  }
  const after = await rowsIn(path);

  assertEquals(before.length > 20, true);
  const added = after.filter(({ key }) =>
    TASKS.indexes[2] === key[2] || key[2] === "indexes"
  );
  assertEquals(after.filter((row) => !added.includes(row)), before);
  assertEquals(added.length, expected.stored.length + 1);
  await Deno.remove(folder, { recursive: true });
});

async function rowsIn(path: string): Promise<Deno.KvEntry<unknown>[]> {
  using kv = await Deno.openKv(path);
  return await Array.fromAsync(kv.list({ prefix: ["tasks"] }));
}

async function lastVersionIn(path: string): Promise<string | undefined> {
  const rows = await rowsIn(path);
  return rows.map(({ versionstamp }) => versionstamp).sort().at(-1);
}
