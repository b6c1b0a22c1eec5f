/**
 * Makes the indexes of a collection complete, whatever the data file has.
 *
 * @module
 */

import { type Indexed, StoreError } from "./collection.ts";
import { type IndexRecord, type Layout, layoutOf, type Row } from "./layout.ts";
import type { KvHandles } from "./open_kv.ts";

const MAX_DELETES = 500;
const REPORT_MS = 3000;

/**
 * Builds the indexes that are declared and not recorded as complete, and deletes the
 * rows of those that are recorded and no longer declared, or with other keys.
 *
 * It may be killed at any time, run in several processes and run while others write:
 * each step checks the rows that it relies on, the record among them, and an index is
 * recorded as complete after its last row. Processes with different declarations must
 * not run at the same time.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 * import { openKv } from "./open_kv.ts";
 *
 * using kv = await openKv(":memory:", 1000);
 * const layout = layoutOf({ name: "notes", indexes: ["by"] });
 * await kv.write.set(["notes", 1, "note", "7"], { id: "7", by: "Ada" });
 *
 * await buildIndexes(kv, layout, () => {});
 *
 * const copy = await kv.read.get(["notes", 1, "by", "Ada", "7"]);
 * assertEquals(copy.value, { id: "7", by: "Ada" });
 * ```
 *
 * @param report Is called every few seconds while building takes longer than one.
 */
export async function buildIndexes(
  kv: KvHandles,
  layout: Layout,
  report: (message: string) => void,
): Promise<void> {
  const copied = { record: "", after: "", count: 0 };
  let reportAt = performance.now() + 1000;
  let share = 1;
  for (let isDone = false; !isDone;) {
    try {
      isDone = await kv.toWrite(() => advance(kv, layout, copied, share));
      share = 1;
    } catch (error) {
      const isTooLarge = error instanceof StoreError &&
        error.code === "too-large";
      if (!isTooLarge || share * MAX_DELETES < 1) throw error;
      share /= 2;
    }
    if (copied.count === 0 || performance.now() < reportAt) continue;
    reportAt = performance.now() + REPORT_MS;
    const count = copied.count.toLocaleString("en");
    report(`Building the indexes of ${layout.name}: ${count} rows`);
  }
}

/**
 * Takes the next step: marks indexes as incomplete, deletes or copies some rows, or
 * records what is complete. Each is taken by a record and rows that were just read.
 *
 * @param copied How far rows have been copied since a version of the record.
 * @param share Part of the rows that a step may have, less than 1 for large rows.
 * @returns Whether there was nothing to do, or `undefined` if a check failed.
 */
async function advance(
  { read, write, inTurn }: KvHandles,
  layout: Layout,
  copied: { record: string; after: string; count: number },
  share: number,
): Promise<boolean | undefined> {
  const { indexRecord, space, values } = layout;
  const entry = await read.get<IndexRecord>(indexRecord);
  const record = entry.value ?? {};
  const wanted = recordOf(layout);
  const stale = Object.keys(record).filter((index) =>
    record[index]!.default !== wanted[index]?.default ||
    record[index]!.isTime !== wanted[index]?.isTime
  );
  const missing = layout.indexes.filter((index) => !record[index]?.isComplete);
  const unmarked = [...stale, ...missing].filter((index) =>
    record[index]?.isComplete !== false
  );
  if (stale.length + missing.length === 0) return true;

  const atomic = write.atomic().check(entry);
  let rows: Deno.KvEntry<Row>[] = [];
  if (unmarked.length > 0) {
    // A process that is killed leaves the record such that the next one continues.
    const marked = { ...wanted, ...record };
    for (const index of unmarked) {
      marked[index] = { ...marked[index]!, isComplete: false };
    }
    atomic.set(indexRecord, marked);
  } else if (stale.length > 0) {
    const [index] = stale as [string];
    const selector = { prefix: [...space, index] };
    const limit = Math.ceil(MAX_DELETES * share);
    const old = await Array.fromAsync(read.list(selector, { limit }));
    const { [index]: _stale, ...kept } = record;
    for (const { key } of old) atomic.delete(key);
    if (old.length === 0) atomic.set(indexRecord, kept);
  } else {
    const isSame = copied.record === entry.versionstamp;
    const start = [...values, isSame ? copied.after : "", ""];
    // As many checks as one operation may have, less that of the record.
    const limit = Math.ceil((inTurn ? 99 : 9) * share);
    const selector = { prefix: values, start };
    rows = await Array.fromAsync(read.list<Row>(selector, { limit }));
    const target = layoutOf({ ...layout, indexes: missing });
    await Promise.all(rows.map((row) => copy(row, target, read, atomic)));
    if (rows.length === 0) atomic.set(indexRecord, wanted);
  }
  if (!(await atomic.commit()).ok) return undefined;
  if (rows.length > 0) {
    copied.record = entry.versionstamp!;
    copied.after = rows.at(-1)!.value.id;
    copied.count += rows.length;
  }
  return false;
}

/** Copies a row to the indexes that do not have it as it is. */
async function copy(
  row: Deno.KvEntry<Row>,
  target: Layout,
  read: Deno.Kv,
  atomic: Deno.AtomicOperation,
): Promise<void> {
  const keys = target.keysOf(row.value).slice(1);
  const copies = await Promise.all(keys.map((key) => read.get(key)));
  // One that is older than its row is left from an index that was dropped.
  const wrong = copies.filter(({ versionstamp }) =>
    (versionstamp ?? "") < row.versionstamp
  );
  if (wrong.length > 0) atomic.check(row);
  for (const { key } of wrong) atomic.set(key, row.value);
}

function recordOf({ indexes, times, defaults }: Layout): IndexRecord {
  return Object.fromEntries(indexes.map((index) => [index, {
    default: (defaults[index] ?? null) as Indexed,
    ...(times.includes(index) && { isTime: true }),
    isComplete: true,
  }]));
}
