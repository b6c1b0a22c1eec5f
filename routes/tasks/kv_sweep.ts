/**
 * Removes rows that are out of date.
 *
 * KV's own `expireIn` is not used: it is late, and rows that expire while the
 * disk is full end the whole process.
 *
 * @module
 */

import { type Creation, IDEMPOTENCY, LOG, type LogRow } from "./kv_layout.ts";

/** A KV Connect server refuses more checks in one operation. */
const MOST_CHECKS = 10;
const MOST_DELETES = 500;

/** Creations that one sweep looks at: keys have no order of time. */
const MOST_CREATIONS = 5_000;

/** How far a sweep came through the creations. */
export interface Progress {
  /** The last key that it looked at, unless it came to the end. */
  key?: Deno.KvKey | undefined;
}

/**
 * Removes creations and changes from before a point in time. The newest change
 * stays. Of creations it looks at 5,000, and leaves the rest to the next sweep.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 * await kv.set(["tasks", 1, "idempotency", "key"], { at: 7 });
 *
 * assertEquals(await sweepBefore(kv, 7), 0);
 * assertEquals(await sweepBefore(kv, 8), 1);
 * ```
 *
 * @param kv The database.
 * @param time Milliseconds since 1970.
 * @param progress Where the sweep before this one came to, and then this one.
 * @returns How many rows were removed.
 */
export async function sweepBefore(
  kv: Deno.Kv,
  time: number,
  progress: Progress = {},
): Promise<number> {
  return await sweepCreations(kv, time, progress) + await sweepLog(kv, time);
}

async function sweepCreations(
  kv: Deno.Kv,
  time: number,
  progress: Progress,
): Promise<number> {
  let [seen, removed] = [0, 0];
  let some: Deno.KvEntry<Creation>[] = [];
  const { key: start } = progress;
  const rows = kv.list<Creation>(
    { prefix: IDEMPOTENCY, ...(start && { start }) },
    { limit: MOST_CREATIONS },
  );
  for await (const row of rows) {
    seen++;
    if (row.value.at < time) some.push(row);
    if (some.length < MOST_CHECKS && seen < MOST_CREATIONS) continue;
    // A key may be in use again meanwhile: each is checked.
    removed += await remove(kv, some, some);
    some = [];
    // A sweep that fails goes on here.
    progress.key = row.key;
  }
  removed += await remove(kv, some, some);
  if (seen < MOST_CREATIONS) progress.key = undefined;
  return removed;
}

async function sweepLog(kv: Deno.Kv, time: number): Promise<number> {
  const limit = MOST_DELETES + 1;
  for (let removed = 0;;) {
    const list = kv.list<LogRow>({ prefix: LOG }, { limit, batchSize: limit });
    const rows = await Array.fromAsync(list);
    // By their order, not each by its time: the clocks of writers differ.
    const last = rows.findLastIndex(({ value }) => value.at < time);
    const old = rows.slice(0, Math.min(last + 1, rows.length - 1));
    if (old.length === 0) return removed;
    // Rows of the log do not change: that the first is there is enough.
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
