/**
 * Which rows the tasks take in Deno KV.
 *
 * | key after `SPACE`              | value                                   |
 * | ------------------------------ | --------------------------------------- |
 * | `"task", id`                   | the task                                |
 * | `"done", done, id`             | a copy                                  |
 * | `"priority", priority, id`     | a copy                                  |
 * | `"idempotency", sha256(key)`   | a creation that may be repeated         |
 * | `"log", versionstamp`          | what one operation changed              |
 * | `"rev"`                        | the last change: the one watched key    |
 *
 * All rows of one change are written in one atomic operation and so carry the
 * same versionstamp: it is the version of the task, whichever row it is read
 * from, and names the change. An index holds copies, not ids: a page is one read of
 * one snapshot.
 *
 * @module
 */

import type { Task } from "./task.ts";

/** What all keys begin with. The number is the version of this layout. */
export const SPACE: Deno.KvKey = ["tasks", 1];
/** The tasks. */
export const TASK: Deno.KvKey = [...SPACE, "task"];
/** Copies of the tasks, by whether they are done. */
export const DONE: Deno.KvKey = [...SPACE, "done"];
/** Copies of the tasks, by their priority. */
export const PRIORITY: Deno.KvKey = [...SPACE, "priority"];
/** Creations that may be repeated. */
export const IDEMPOTENCY: Deno.KvKey = [...SPACE, "idempotency"];
/** What changed, oldest first. The newest row is never removed. */
export const LOG: Deno.KvKey = [...SPACE, "log"];
/** The last change. */
export const REV: Deno.KvKey = [...SPACE, "rev"];

/** A creation that may be repeated. */
export interface Creation {
  /** The task as it was created. */
  task: Task;
  /** What tells one request body from another. */
  bodyHash: string;
  /** When, in milliseconds since 1970. */
  at: number;
}

/** What happened, and the name by which its writer knows it again. */
export type Logged =
  & { write: string }
  & (
    | { event: "created" | "updated"; task: Task }
    | { event: "deleted"; taskId: string }
  );

/** A row of the log. */
export interface LogRow {
  /** What changed, in order. The row that begins the log has nothing to tell. */
  changes: readonly Logged[];
  /** When, in milliseconds since 1970. */
  at: number;
}

/**
 * Names a change by the operation that it was a part of, and by its place in it.
 * The names of later changes are greater, as texts.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(changeId("00000000000000a30000", 0), "00000000000000a30000");
 * assertEquals(changeId("00000000000000a30000", 10), "00000000000000a300000a");
 * ```
 *
 * @param version Versionstamp of the operation.
 * @param place Place of the change, from 0.
 * @returns The id of the change.
 */
export function changeId(version: string, place: number): string {
  return place === 0 ? version : version + place.toString(16).padStart(2, "0");
}

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
 * @param task What decides where a task is.
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
