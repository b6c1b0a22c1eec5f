/**
 * Removes rows that are out of date.
 *
 * KV's own `expireIn` is not used: it is late, and rows that expire while the disk is
 * full end the whole process.
 *
 * @module
 */

import type { Creation, Layout, LogRow } from "./layout.ts";

/** A KV Connect server rejects more checks in one operation. */
const MAX_CHECKS = 10;
const MAX_DELETES = 500;

/** Creations that one sweep reads: their keys are not in the order of time. */
const MAX_CREATIONS = 5_000;

/** The last key that a sweep read of the creations, unless it reached the end. */
export type Progress = { key?: Deno.KvKey | undefined };

/**
 * Removes creations and changes from before a point in time, but the newest change.
 * It reads 5,000 creations and leaves the rest to the next sweep.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const layout = layoutOf({ name: "notes", indexes: [] });
 * await kv.set([...layout.idempotency, "key"], { at: 7 });
 *
 * assertEquals(await sweepBefore(kv, layout, 7), 0);
 * assertEquals(await sweepBefore(kv, layout, 8), 1);
 * ```
 *
 * @param time Milliseconds since 1970.
 * @param progress Where the previous sweep stopped; is set to where this one does.
 * @returns How many rows were removed.
 */
export async function sweepBefore(
  kv: Deno.Kv,
  layout: Layout,
  time: number,
  progress: Progress = {},
): Promise<number> {
  return await sweepCreations(kv, layout, time, progress) +
    await sweepLog(kv, layout, time);
}

async function sweepCreations(
  kv: Deno.Kv,
  { idempotency: prefix }: Layout,
  time: number,
  progress: Progress,
): Promise<number> {
  let [seen, removed] = [0, 0];
  let old: Deno.KvEntry<Creation>[] = [];
  const rows = kv.list<Creation>(
    { prefix, ...(progress.key && { start: progress.key }) },
    { limit: MAX_CREATIONS },
  );
  for await (const row of rows) {
    seen++;
    if (row.value.at < time) old.push(row);
    if (old.length < MAX_CHECKS && seen < MAX_CREATIONS) continue;
    // A key may be in use again meanwhile, so each is checked.
    removed += await remove(kv, old, old);
    old = [];
    // If this sweep fails, the next one continues here.
    progress.key = row.key;
  }
  removed += await remove(kv, old, old);
  if (seen < MAX_CREATIONS) progress.key = undefined;
  return removed;
}

async function sweepLog(
  kv: Deno.Kv,
  { log: prefix }: Layout,
  time: number,
): Promise<number> {
  const limit = MAX_DELETES + 1;
  for (let removed = 0;;) {
    const list = kv.list<LogRow>({ prefix }, { limit, batchSize: limit });
    const rows = await Array.fromAsync(list);
    // By their order, not each by its time: the clocks of writers differ.
    const last = rows.findLastIndex(({ value }) => value.at < time);
    const old = rows.slice(0, Math.min(last + 1, rows.length - 1));
    if (old.length === 0) return removed;
    // Rows of the log do not change: checking the first is enough.
    removed += await remove(kv, old, old.slice(0, 1));
  }
}

async function remove(
  kv: Deno.Kv,
  rows: readonly Deno.KvEntry<unknown>[],
  checks: readonly Deno.AtomicCheck[],
): Promise<number> {
  if (rows.length === 0) return 0;
  const atomic = kv.atomic().check(...checks);
  for (const { key } of rows) atomic.delete(key);
  return (await atomic.commit()).ok ? rows.length : 0;
}
