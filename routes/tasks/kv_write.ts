/**
 * Writes one change, in one atomic operation.
 *
 * @module
 */

import {
  type Creation,
  LOG,
  type Logged,
  type LogRow,
  REV,
  rowsOf,
} from "./kv_layout.ts";
import type { Task } from "./task.ts";

/** A change, and what it relies on. */
export interface Change {
  /** The last change, as it was read before the write. */
  rev: Deno.KvEntryMaybe<unknown>;
  /**
   * What must still be as it was read. One of them must be so that the change
   * itself makes it false: sent twice, it is then done once.
   */
  checks: readonly Deno.AtomicCheck[];
  /** The task until now. */
  was: Task | null;
  /** The task from now on. */
  is: Task | null;
  /** When, in milliseconds since 1970. */
  at: number;
  /** What makes a creation safe to repeat. */
  creation?: { key: Deno.KvKey; value: Creation } | undefined;
}

/**
 * Writes a change: the rows of the task, the log and the last change.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 * const rev = await kv.get(["tasks", 1, "rev"]);
 * const change = { rev, checks: [rev], was: null, is: null, at: 0 };
 *
 * assertEquals((await writeChange(kv, change))?.length, 20);
 * assertEquals(await writeChange(kv, change), undefined);
 * ```
 *
 * @param kv The database.
 * @param change What to write.
 * @returns The new version, or `undefined` where a check failed.
 */
export async function writeChange(
  kv: Deno.Kv,
  change: Change,
): Promise<string | undefined> {
  const { rev, checks, was, is, at, creation } = change;
  const write = crypto.randomUUID();
  const row: LogRow = { ...describe(was, is), at, write };
  const atomic = kv.atomic().check(...checks);
  // What the new rows take again is set after it was deleted.
  for (const key of was === null ? [] : rowsOf(was)) atomic.delete(key);
  for (const key of is === null ? [] : rowsOf(is)) atomic.set(key, is);
  if (creation) atomic.set(creation.key, creation.value);
  atomic.set([...LOG, kv.commitVersionstamp()], row).set(REV, write);

  const result = await atomic.commit();
  return result.ok ? result.versionstamp : await find(kv, write, rev);
}

// A remote store sends a write again where the answer got lost. Its check then
// fails because of the very write that it belongs to: the log tells.
async function find(
  kv: Deno.Kv,
  write: string,
  { versionstamp }: Deno.KvEntryMaybe<unknown>,
): Promise<string | undefined> {
  const start = [...LOG, versionstamp ?? ""];
  for await (const row of kv.list<LogRow>({ prefix: LOG, start })) {
    if (row.value.write === write) return row.versionstamp;
  }
}

function describe(was: Task | null, is: Task | null): Logged {
  if (is !== null) return { event: was ? "updated" : "created", task: is };
  return was ? { event: "deleted", taskId: was.id } : { event: "opened" };
}
