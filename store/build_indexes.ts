/**
 * Makes the indexes of a collection complete, whatever the data file has.
 *
 * @module
 */

import type { Call } from "./call.ts";
import { type IndexRecord, keysOf, type Layout, type Row } from "./layout.ts";
import type { KvHandles } from "./open_kv.ts";
import { StoreError } from "./store_error.ts";

const MAX_DELETES = 500;
const MAX_KEYS_READ = 10;
const REPORT_MS = 3000;

/** What building needs of a database. */
export interface BuildOptions {
  /** The database. */
  readonly kv: KvHandles;
  /** Runs every step. */
  readonly call: Call;
  /** Is called every few seconds while building takes longer than one. */
  readonly report: (message: string) => void;
}

/**
 * Builds the indexes that are declared and not recorded as complete, and deletes the
 * rows of those that are recorded and no longer declared, or with another default.
 *
 * It may be killed at any time, run in several processes and run while others write:
 * each step checks the rows that it relies on, and an index is recorded as complete
 * after its last row. Processes with different declarations must not run at the same time.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Caller } from "./call.ts";
 * import { layoutOf } from "./layout.ts";
 * import { openKv } from "./open_kv.ts";
 *
 * using kv = await openKv(":memory:", 1000);
 * using caller = new Caller(1000);
 * const layout = layoutOf({ name: "notes", indexes: ["by"] });
 * await kv.write.set(["notes", 1, "note", "7"], { id: "7", by: "Ada" });
 *
 * await buildIndexes(layout, { kv, call: caller.call, report: () => {} });
 *
 * const copy = await kv.read.get(["notes", 1, "by", "Ada", "7"]);
 * assertEquals(copy.value, { id: "7", by: "Ada" });
 * ```
 */
export async function buildIndexes(
  layout: Layout,
  options: BuildOptions,
): Promise<void> {
  while (!await advance(layout, options));
}

/** The record as it was read. Every step checks that it is still the same. */
type Entry = Deno.KvEntryMaybe<IndexRecord>;

/** Takes the next step, if there is one. Resolves to whether there was none. */
async function advance(
  layout: Layout,
  options: BuildOptions,
): Promise<boolean> {
  const { kv, call } = options;
  const entry: Entry = await call(() => kv.read.get(layout.indexRecord));
  const record = entry.value ?? {};
  const wanted = recordOf(layout, true);
  const stale = Object.keys(record).filter((index) =>
    record[index]!.default !== wanted[index]?.default
  );
  const missing = layout.indexes.filter((index) => !record[index]?.isComplete);
  const isMarked = missing.every((index) => index in record) &&
    stale.every((index) => !record[index]!.isComplete);

  if (stale.length === 0 && missing.length === 0) return true;
  if (!isMarked) {
    // A process that is killed leaves the record such that the next one continues.
    const marks = stale.map((index) =>
      [index, { ...record[index]!, isComplete: false }] as const
    );
    await save({
      ...recordOf(layout, false),
      ...record,
      ...Object.fromEntries(marks),
    });
  } else if (stale.length > 0) {
    if (!await clear(stale, entry, layout, options)) return false;
    const kept = Object.entries(record).filter(([it]) => !stale.includes(it));
    await save(Object.fromEntries(kept));
  } else if (await copyAll(missing, entry, layout, options)) {
    await save(wanted);
  }
  return false;

  /** Whether the record has been saved does not matter: it is read again. */
  async function save(value: IndexRecord): Promise<void> {
    const { indexRecord } = layout;
    await call(() =>
      kv.write.atomic().check(entry).set(indexRecord, value).commit()
    );
  }
}

function recordOf(
  { indexes, defaults }: Layout,
  isComplete: boolean,
): IndexRecord {
  return Object.fromEntries(indexes.map((index) => {
    const value = (defaults[index] ?? null) as IndexRecord[string]["default"];
    return [index, { default: value, isComplete }];
  }));
}

/** Deletes the rows of indexes. Resolves to `false` if the record has changed. */
async function clear(
  indexes: readonly string[],
  entry: Entry,
  layout: Layout,
  { kv, call }: BuildOptions,
): Promise<boolean> {
  for (const index of indexes) {
    const selector = { prefix: [...layout.space, index] };
    let deleted = 1;
    while (deleted > 0) {
      deleted = await inParts(MAX_DELETES, (limit) =>
        call(async () => {
          const rows = await Array.fromAsync(kv.read.list(selector, { limit }));
          const atomic = kv.write.atomic().check(entry);
          for (const { key } of rows) atomic.delete(key);
          return (await atomic.commit()).ok ? rows.length : -1;
        }));
    }
    if (deleted < 0) return false;
  }
  return true;
}

/** Copies all rows to indexes. Resolves to `false` if the record has changed. */
async function copyAll(
  indexes: readonly string[],
  entry: Entry,
  layout: Layout,
  { kv, call, report }: BuildOptions,
): Promise<boolean> {
  // As many checks as one operation may have, less that of the record.
  const size = (kv.inTurn ? 100 : 10) - 1;
  let reportAt = performance.now() + 1000;
  for (let [count, after] = [0, ""];;) {
    const rows = await inParts(
      size,
      (limit) =>
        call(() => copySome(indexes, entry, layout, kv, { after, limit })),
    );
    if (rows === null) return false;
    if (rows.length === 0) return true;
    count += rows.length;
    after = rows.at(-1)!.value.id;
    if (performance.now() < reportAt) continue;
    reportAt = performance.now() + REPORT_MS;
    const name = String(layout.space[0]);
    report(
      `Building the indexes of ${name}: ${count.toLocaleString("en")} rows`,
    );
  }
}

/**
 * Copies some rows to indexes. Resolves to them, to `undefined` if one was written
 * meanwhile, or to `null` if the record has changed.
 */
async function copySome(
  indexes: readonly string[],
  entry: Entry,
  layout: Layout,
  { read, write }: KvHandles,
  { after, limit }: { after: string; limit: number },
): Promise<Deno.KvEntry<Row>[] | null | undefined> {
  const { versionstamp } = await read.get(layout.indexRecord);
  if (versionstamp !== entry.versionstamp) return null;
  const { values: prefix } = layout;
  const rows = await Array.fromAsync(
    read.list<Row>({ prefix, start: [...prefix, after, ""] }, { limit }),
  );
  const atomic = write.atomic().check(entry);
  const keys = rows.map(({ value }) =>
    keysOf({ ...layout, indexes }, value).slice(1)
  );
  const copies = await getAll(read, keys.flat());
  let isComplete = true;
  for (const [place, row] of rows.entries()) {
    const first = place * indexes.length;
    // A copy that is older than its row is left from an index that was dropped.
    const wrong = copies.slice(first, first + indexes.length).filter((copy) =>
      copy.versionstamp === null || copy.versionstamp < row.versionstamp
    );
    if (wrong.length === 0) continue;
    isComplete = false;
    atomic.check(row);
    for (const { key } of wrong) atomic.set(key, row.value);
  }
  return isComplete || (await atomic.commit()).ok ? rows : undefined;
}

async function getAll(
  kv: Deno.Kv,
  keys: readonly Deno.KvKey[],
): Promise<Deno.KvEntryMaybe<unknown>[]> {
  const parts: Promise<Deno.KvEntryMaybe<unknown>[]>[] = [];
  for (let from = 0; from < keys.length; from += MAX_KEYS_READ) {
    parts.push(kv.getMany(keys.slice(from, from + MAX_KEYS_READ)));
  }
  return (await Promise.all(parts)).flat();
}

/** Runs a step, again with half as many rows if they are too large for one commit. */
async function inParts<T>(
  count: number,
  step: (count: number) => Promise<T>,
): Promise<T> {
  try {
    return await step(count);
  } catch (error) {
    const isTooLarge = error instanceof StoreError &&
      error.code === "too-large";
    if (!isTooLarge || count === 1) throw error;
    return await inParts(count >> 1, step);
  }
}
