/**
 * Writes changes, in one atomic operation.
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
  /** Names the change, so that its writer knows it again. */
  write: string;
  /**
   * What must still be as it was read. One of them must be so that the change
   * itself makes it false: sent twice, it is then done once.
   */
  checks: readonly Deno.AtomicCheck[];
  /** The task until now. One of both is there. */
  was: Task | null;
  /** The task from now on. */
  is: Task | null;
  /** When, in milliseconds since 1970. */
  at: number;
  /** A version from before the change, where one is known. */
  since?: string | null;
  /** What makes a creation safe to repeat. */
  creation?: { key: Deno.KvKey; value: Creation } | undefined;
}

/**
 * Writes changes, all or none: the rows of the tasks, the log and the last change.
 * No two of them may be of the same task.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseNewTask } from "./task.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const createdAt = "2026-11-23T00:00:00.000Z";
 * const fields = parseNewTask({ title: "Write" });
 * const is = { id: "7", ...fields, createdAt, updatedAt: createdAt };
 * const checks = [{ key: ["tasks", 1, "task", "7"], versionstamp: null }];
 * const change = { write: "a", checks, was: null, is, at: 0 };
 *
 * assertEquals((await writeChanges(kv, [change]))?.length, 20);
 * assertEquals(await writeChanges(kv, [change]), undefined);
 * ```
 *
 * @param kv The database.
 * @param changes What to write, at least one change.
 * @returns The new version, or `undefined` where a check failed.
 */
export async function writeChanges(
  kv: Deno.Kv,
  changes: readonly Change[],
): Promise<string | undefined> {
  const atomic = kv.atomic();
  for (const change of changes) add(atomic, change);
  const { at, write } = changes.at(-1)!;
  const row: LogRow = { changes: changes.map(describe), at };
  atomic.set([...LOG, kv.commitVersionstamp()], row).set(REV, write);

  const result = await atomic.commit();
  return result.ok ? result.versionstamp : undefined;
}

/**
 * Finds a change in the log. A remote store sends a write again where the answer got
 * lost: its check then fails because of the very write that it belongs to.
 *
 * @param kv The database.
 * @param change The change.
 * @returns The version that it made, or `undefined` where it was not written.
 */
export async function findChange(
  kv: Deno.Kv,
  { write, since }: Change,
): Promise<string | undefined> {
  const rows = kv.list<LogRow>(
    { prefix: LOG, start: [...LOG, since ?? ""] },
    { reverse: true },
  );
  for await (const { value, versionstamp } of rows) {
    if (value.changes.some((change) => change.write === write)) {
      return versionstamp;
    }
  }
}

function add(
  atomic: Deno.AtomicOperation,
  { checks, was, is, creation }: Change,
): void {
  const before = was === null ? [] : rowsOf(was);
  const after = is === null ? [] : rowsOf(is);
  atomic.check(...checks);
  for (const [index, key] of before.entries()) {
    // Most rows stay where they are.
    if (String(key) !== String(after[index])) atomic.delete(key);
  }
  for (const key of after) atomic.set(key, is);
  if (creation) atomic.set(creation.key, creation.value);
}

function describe({ write, was, is }: Change): Logged {
  if (is === null) return { write, event: "deleted", taskId: was!.id };
  return { write, event: was === null ? "created" : "updated", task: is };
}
