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

/**
 * Removes creations and changes from before a point in time. The newest change
 * stays.
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
 * @returns How many rows were removed.
 */
export async function sweepBefore(kv: Deno.Kv, time: number): Promise<number> {
  return await sweepCreations(kv, time) + await sweepLog(kv, time);
}

async function sweepCreations(kv: Deno.Kv, time: number): Promise<number> {
  let removed = 0;
  let some: Deno.KvEntry<Creation>[] = [];
  for await (const row of kv.list<Creation>({ prefix: IDEMPOTENCY })) {
    if (row.value.at < time) some.push(row);
    if (some.length < MOST_CHECKS) continue;
    // A key may be in use again meanwhile: each is checked.
    removed += await remove(kv, some, some);
    some = [];
  }
  return removed + await remove(kv, some, some);
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
