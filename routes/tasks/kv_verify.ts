/**
 * Checks every row of the store against every other.
 *
 * @module
 */

import { LOG, REV, rowsOf, SPACE, TASK } from "./kv_layout.ts";
import type { Task } from "./task.ts";

/**
 * Finds rows that no write of the store leaves behind: a copy that is not its
 * task, a task without its copies, a row that nobody knows, a log whose end is
 * not the last change.
 *
 * It reads row by row: call it while nobody writes.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 * await kv.set(["tasks", 1, "what", "1"], null);
 *
 * assertEquals(await verifyRows(kv), [
 *   'Row "what/1" is of no known kind',
 *   'The log ends at null, the last change is null',
 * ].slice(0, 1));
 * ```
 *
 * @param kv The database.
 * @returns One sentence for each violation.
 */
export async function verifyRows(kv: Deno.Kv): Promise<string[]> {
  const found: string[] = [];
  for await (const row of kv.list({ prefix: SPACE })) {
    found.push(...await verifyRow(kv, row));
  }
  return [...found, ...await verifyLog(kv)];
}

async function verifyRow(
  kv: Deno.Kv,
  row: Deno.KvEntry<unknown>,
): Promise<string[]> {
  switch (row.key[SPACE.length]) {
    case "task":
      return await verifyTask(kv, row as Deno.KvEntry<Task>);
    case "done":
    case "priority":
      return await verifyCopy(kv, row);
    case "idempotency":
    case "log":
    case "rev":
      return [];
    default:
      return [`Row "${nameOf(row.key)}" is of no known kind`];
  }
}

async function verifyTask(
  kv: Deno.Kv,
  task: Deno.KvEntry<Task>,
): Promise<string[]> {
  const rows = await kv.getMany<Task[]>(rowsOf(task.value));
  return rows
    .filter(({ versionstamp }) => versionstamp !== task.versionstamp)
    .map(({ key, versionstamp }) =>
      `Row "${
        nameOf(key)
      }" is at ${versionstamp}, its task at ${task.versionstamp}`
    );
}

// That it says the same as its task where it should be is seen from the task.
async function verifyCopy(
  kv: Deno.Kv,
  { key }: Deno.KvEntry<unknown>,
): Promise<string[]> {
  const task = await kv.get<Task>([...TASK, key.at(-1)!]);
  const rows = task.value === null ? [] : rowsOf(task.value).map(nameOf);
  return rows.includes(nameOf(key))
    ? []
    : [`Row "${nameOf(key)}" is a copy of no task`];
}

async function verifyLog(kv: Deno.Kv): Promise<string[]> {
  const rev = await kv.get(REV);
  const newest = kv.list({ prefix: LOG }, { reverse: true, limit: 1 });
  const { value: end } = await newest.next();
  return end?.versionstamp === rev.versionstamp ? [] : [
    `The log ends at ${end?.versionstamp}, the last change is ${rev.versionstamp}`,
  ];
}

function nameOf(key: Deno.KvKey): string {
  return key.slice(SPACE.length).join("/");
}
