/**
 * Checks every row of the store against every other.
 *
 * @module
 */

import { LOG, REV, rowsOf, SPACE, TASK } from "./kv_layout.ts";
import type { Task } from "./task.ts";

/**
 * Finds what no write of the store leaves behind: a task and copies of it at
 * different versions or not equal to it, a copy of no task, a row of no known kind,
 * a log whose end is not the last change. It reads row by row: call it while nobody
 * writes.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 * await kv.set(["tasks", 1, "done", true, "7"], { id: "7" });
 *
 * assertEquals(await verifyRows(kv), ['Row "done/true/7" is a copy of no task']);
 * ```
 *
 * @param kv The database.
 * @returns One sentence for each violation.
 */
export async function verifyRows(kv: Deno.Kv): Promise<string[]> {
  const found = await verifyLog(kv);
  for await (const row of kv.list({ prefix: SPACE })) {
    const check = CHECKS.get(row.key[SPACE.length]) ?? refuse;
    found.push(...await check(kv, row));
  }
  return found;
}

type Check = (
  kv: Deno.Kv,
  row: Deno.KvEntry<unknown>,
) => string[] | Promise<string[]>;

const CHECKS: ReadonlyMap<unknown, Check> = new Map<unknown, Check>([
  ["task", verifyTask],
  ["done", verifyCopy],
  ["priority", verifyCopy],
  ["idempotency", () => []],
  ["log", () => []],
  ["rev", () => []],
]);

function refuse(_kv: Deno.Kv, { key }: Deno.KvEntry<unknown>): string[] {
  return [`Row "${nameOf(key)}" is of no known kind`];
}

async function verifyTask(
  kv: Deno.Kv,
  { value, versionstamp }: Deno.KvEntry<unknown>,
): Promise<string[]> {
  const rows = await kv.getMany<Task[]>(rowsOf(value as Task));
  return rows.flatMap((row) => {
    const name = `Row "${nameOf(row.key)}"`;
    if (row.versionstamp !== versionstamp) {
      return [`${name} is at ${row.versionstamp}, its task at ${versionstamp}`];
    }
    return isEqual(row.value, value)
      ? []
      : [`${name} is not equal to its task`];
  });
}

/** Whether two tasks are the same. All rows of one have its fields in one order. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

// A copy at its place is compared with its task where the task is checked.
async function verifyCopy(
  kv: Deno.Kv,
  { key }: Deno.KvEntry<unknown>,
): Promise<string[]> {
  const { value: task } = await kv.get<Task>([...TASK, key.at(-1)!]);
  const known = task !== null && rowsOf(task).map(nameOf).includes(nameOf(key));
  return known ? [] : [`Row "${nameOf(key)}" is a copy of no task`];
}

async function verifyLog(kv: Deno.Kv): Promise<string[]> {
  const newest = kv.list({ prefix: LOG }, { reverse: true, limit: 1 });
  const end = (await newest.next()).value?.versionstamp ?? null;
  const { versionstamp: rev } = await kv.get(REV);
  return end === rev
    ? []
    : [`The log ends at ${end}, the last change is ${rev}`];
}

function nameOf(key: Deno.KvKey): string {
  return key.slice(SPACE.length).join("/");
}
