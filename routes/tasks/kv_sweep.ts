/**
 * Removes rows that are out of date.
 *
 * KV's own `expireIn` is not used: it is late, and rows that expire on a full
 * disk end the whole process.
 *
 * @module
 */

import { type Creation, IDEMPOTENCY, LOG, type LogRow } from "./kv_layout.ts";

/** A KV Connect server refuses more checks than this in one operation. */
const MOST_CHECKS = 10;
const MOST_DELETES = 500;

/**
 * Removes the creations and changes from before a point in time. The newest
 * change stays.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await Deno.openKv(":memory:");
 * await kv.set([...LOG, "00000000000000000001"], { at: 1 });
 * await kv.set([...LOG, "00000000000000000002"], { at: 2 });
 *
 * assertEquals(await sweepBefore(kv, 10), 1);
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
  let old: Deno.KvEntry<Creation>[] = [];
  for await (const entry of kv.list<Creation>({ prefix: IDEMPOTENCY })) {
    if (entry.value.at < time) old.push(entry);
    if (old.length < MOST_CHECKS) continue;
    removed += await remove(kv, old, old);
    old = [];
  }
  return removed + (old.length > 0 ? await remove(kv, old, old) : 0);
}

async function sweepLog(kv: Deno.Kv, time: number): Promise<number> {
  for (let removed = 0;;) {
    const rows = await Array.fromAsync(
      kv.list<LogRow>({ prefix: LOG }, {
        limit: MOST_DELETES + 1,
        batchSize: MOST_DELETES + 1,
      }),
    );
    const young = rows.findIndex(({ value }) => value.at >= time);
    const old = rows.slice(0, young === -1 ? rows.length - 1 : young);
    if (old.length === 0) return removed;
    // Rows of the log never change, so the check of one is enough.
    removed += await remove(kv, old, old.slice(0, 1));
  }
}

// Somebody else may have swept, or renewed a key, meanwhile: then nothing happens.
async function remove(
  kv: Deno.Kv,
  rows: Deno.KvEntry<unknown>[],
  checked: Deno.KvEntry<unknown>[],
): Promise<number> {
  const atomic = kv.atomic().check(...checked);
  for (const { key } of rows) atomic.delete(key);
  return (await atomic.commit()).ok ? rows.length : 0;
}
