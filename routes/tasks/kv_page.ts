/**
 * Reads a page of tasks.
 *
 * @module
 */

import { DONE, PRIORITY, TASK } from "./kv_layout.ts";
import type { Page, PageRange, TaskFilter } from "./store.ts";
import type { Task } from "./task.ts";

const MOST_SCANNED = 1000;

/**
 * Reads the tasks that pass a filter, newest first.
 *
 * There is an index for each field, none for both: what it leaves is then read
 * and filtered here, a thousand rows at most, so a page may be short and have
 * another one behind it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 *
 * assertEquals(await readPage(kv, { done: true }, { limit: 20 }), {
 *   items: [],
 *   next: null,
 * });
 * ```
 *
 * @param kv The database.
 * @param filter Which tasks.
 * @param range How many, and from where.
 * @returns The page.
 */
export async function readPage(
  kv: Deno.Kv,
  filter: TaskFilter,
  { limit, before }: PageRange,
): Promise<Page> {
  const prefix = indexOf(filter);
  const items: Task[] = [];
  let last: string | null = null;
  let scanned = 0;
  const rows = kv.list<Task>(
    before === undefined ? { prefix } : { prefix, end: [...prefix, before] },
    { reverse: true, limit: MOST_SCANNED, batchSize: batchFor(filter, limit) },
  );
  for await (const { value: task } of rows) {
    if (passes(task, filter)) {
      if (items.length === limit) return { items, next: items.at(-1)!.id };
      items.push(task);
    }
    last = task.id;
    scanned++;
  }
  return { items, next: scanned === MOST_SCANNED ? last : null };
}

// Where rows are left out, the first few will not do.
function batchFor({ done, priority }: TaskFilter, limit: number): number {
  const isBoth = done !== undefined && priority !== undefined;
  return isBoth ? Math.max(100, limit + 1) : limit + 1;
}

// Of two the shorter one: in a store that has grown old most tasks are done.
function indexOf({ done, priority }: TaskFilter): Deno.KvKey {
  if (priority !== undefined && done !== false) return [...PRIORITY, priority];
  return done === undefined ? TASK : [...DONE, done];
}

function passes(task: Task, { done, priority }: TaskFilter): boolean {
  return (done ?? task.done) === task.done &&
    (priority ?? task.priority) === task.priority;
}
