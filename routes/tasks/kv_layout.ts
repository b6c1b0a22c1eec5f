/**
 * Which rows the tasks take in Deno KV.
 *
 * ```text
 * [...SPACE, "task", id]                    the task
 * [...SPACE, "done", done, id]              a copy
 * [...SPACE, "priority", priority, id]      a copy
 * [...SPACE, "idempotency", sha256(key)]    a creation that may be repeated
 * [...SPACE, "log", versionstamp]           a change
 * [...SPACE, "rev"]                         the last change: the one watched key
 * ```
 *
 * All rows of one change are written in one atomic operation, so they carry the
 * same versionstamp: it is the version of the task, in whichever row it is read,
 * and the id of the change. An index holds copies, not ids: a page is one read of
 * one snapshot.
 *
 * @module
 */

import type { Task } from "./task.ts";

/** What all rows begin with. The number is the version of this layout. */
export const SPACE: Deno.KvKey = ["tasks", 1];
/** The tasks. */
export const TASK: Deno.KvKey = [...SPACE, "task"];
/** Copies of the tasks, by whether they are done. */
export const DONE: Deno.KvKey = [...SPACE, "done"];
/** Copies of the tasks, by their priority. */
export const PRIORITY: Deno.KvKey = [...SPACE, "priority"];
/** Creations that may be repeated. */
export const IDEMPOTENCY: Deno.KvKey = [...SPACE, "idempotency"];
/** What changed, oldest first. It is never empty: the newest row stays. */
export const LOG: Deno.KvKey = [...SPACE, "log"];
/** The last change. */
export const REV: Deno.KvKey = [...SPACE, "rev"];

/** A creation that may be repeated. Its versionstamp is that of its task. */
export interface Creation {
  /** The task as it was created. */
  task: Task;
  /** What tells one request body from another. */
  bodyHash: string;
  /** When, in milliseconds since 1970. */
  at: number;
}

/** What happened. `opened` is the first row of every log. */
export type LoggedEvent =
  | { event: "created" | "updated"; task: Task }
  | { event: "deleted"; taskId: string }
  | { event: "opened" };

/** A row of the log. */
export type LogRow = LoggedEvent & {
  /** When, in milliseconds since 1970. */
  at: number;
  /** Names the write, so that its writer knows it again. */
  write: string;
};

/**
 * Lists the keys that hold a task: its own, then those of its copies.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(rowsOf({ id: "1", done: false, priority: "low" }), [
 *   ["tasks", 1, "task", "1"],
 *   ["tasks", 1, "done", false, "1"],
 *   ["tasks", 1, "priority", "low", "1"],
 * ]);
 * ```
 *
 * @param task The fields of a task that decide where it is.
 * @returns The keys.
 */
export function rowsOf(
  task: Pick<Task, "id" | "done" | "priority">,
): Deno.KvKey[] {
  return [
    [...TASK, task.id],
    [...DONE, task.done, task.id],
    [...PRIORITY, task.priority, task.id],
  ];
}

/**
 * Adds a change to an atomic operation: the rows of the task, the log and the
 * last change.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 * const row = { event: "opened", at: 0, write: "1" } as const;
 * await addChange(kv, kv.atomic(), row, null, null).commit();
 *
 * assertEquals((await kv.get(REV)).value, "1");
 * ```
 *
 * @param kv The database.
 * @param atomic The operation. It should already check what it relies on.
 * @param row What to log.
 * @param was The task until now.
 * @param is The task from now on.
 * @returns The operation.
 */
export function addChange(
  kv: Deno.Kv,
  atomic: Deno.AtomicOperation,
  row: LogRow,
  was: Task | null,
  is: Task | null,
): Deno.AtomicOperation {
  // What the new rows take again is set below: later mutations win.
  for (const key of was === null ? [] : rowsOf(was)) atomic.delete(key);
  for (const key of is === null ? [] : rowsOf(is)) atomic.set(key, is);
  return atomic.set([...LOG, kv.commitVersionstamp()], row).set(REV, row.write);
}
