/**
 * Removes rows that are out of date.
 *
 * KV's own `expireIn` is not used: it is late, and rows that expire while the disk is
 * full end the whole process.
 *
 * @module
 */

import type { Creation, Layout, LogRow } from "./layout.ts";
import type { KvHandles } from "./open_kv.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Rows of one step, which writers wait for, and the time that they have after it. */
const STEP = 100;
const PAUSE_MS = 20;

/** Creations that one sweep reads at least: their keys are not in the order of time. */
const MIN_CREATIONS = 1_000;

/** Characters of JSON that the log of a collection may have. */
const MAX_LOG = 64_000_000;

/** Some rows of the log, one after another. */
type Part = { readonly last: Deno.KvKey; readonly size: number; at: number };

/**
 * Creates a function that removes creations and changes older than a day, and the
 * oldest changes where they are larger than 64 MB, but never the newest one. It
 * resolves to how many rows it removed.
 *
 * Of the creations it reads a thousand, and more as long as a tenth of them is old.
 * So no more than about a tenth of those that are kept is old, however many there are.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 * import { openKv } from "./open_kv.ts";
 *
 * using kv = await openKv(":memory:", 1000);
 * const layout = layoutOf({ name: "notes", indexes: [] });
 * await kv.write.set([...layout.idempotency, "key"], { at: 0 });
 *
 * assertEquals(await createSweep(kv, layout, Date.now)(), 1);
 * ```
 *
 * @param now Clock that returns milliseconds since 1970.
 */
export function createSweep(
  { read, write, toWrite, inTurn }: KvHandles,
  { idempotency, log }: Layout,
  now: () => number,
): () => Promise<number> {
  /** The last creation that was read, unless it was the last of all. */
  let position: Deno.KvKey | undefined;
  /** The log up to the newest row but one, oldest first. */
  const parts: Part[] = [];

  function readStep<T>(
    selector: Deno.KvListSelector,
    limit = STEP,
  ): Promise<Deno.KvEntry<T>[]> {
    return toWrite(() => Array.fromAsync(read.list<T>(selector, { limit })));
  }

  async function sweepCreations(): Promise<number> {
    let [seen, removed] = [0, 0];
    // A creation of the future is as wrong as an old one: a clock was ahead.
    do {
      const start = behind(position ?? idempotency);
      const rows = await readStep<Creation>({ prefix: idempotency, start });
      const old = rows.filter(({ value }) =>
        Math.abs(now() - value.at) > DAY_MS
      );
      removed += await remove(old);
      seen += rows.length;
      position = rows[STEP - 1]?.key;
    } while (position && (seen < MIN_CREATIONS || removed * 10 > seen));
    return removed;
  }

  /** Removes rows, but those that another process renewed or removed meanwhile. */
  async function remove(rows: Deno.KvEntry<unknown>[]): Promise<number> {
    let removed = 0;
    // A KV Connect server rejects more than ten checks in one operation.
    while (rows.length > 0) {
      const some = rows.splice(0, inTurn ? STEP : 10);
      const atomic = write.atomic().check(...some);
      for (const { key } of some) atomic.delete(key);
      const isDone = await toWrite(async () => (await atomic.commit()).ok);
      if (isDone) removed += some.length;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return removed;
  }

  async function sweepLog(): Promise<number> {
    await measureLog();
    // By their order, not each by its time: a clock may have been ahead.
    let old = parts.findLastIndex(({ at }) => now() - at > DAY_MS) + 1;
    let size = parts.slice(old).reduce((sum, part) => sum + part.size, 0);
    for (; size > MAX_LOG; old++) size -= parts[old]!.size;
    const last = parts.splice(0, old).at(-1)?.last;
    let removed = 0;
    while (last !== undefined) {
      const rows = await readStep({ prefix: log, end: behind(last) });
      if (rows.length === 0) break;
      removed += await remove(rows);
    }
    return removed;
  }

  /** Measures the rows of the log that were added since the last time. */
  async function measureLog(): Promise<void> {
    for (;;) {
      const start = behind(parts.at(-1)?.last ?? log);
      const rows = await readStep<LogRow>({ prefix: log, start }, STEP + 1);
      const counted = rows.slice(0, -1);
      if (counted.length === 0) return;
      const { key, value } = counted.at(-1)!;
      const size = JSON.stringify(counted.map(({ value }) => value)).length;
      parts.push({ last: key, size, at: Math.min(value.at, now()) });
    }
  }

  return async () => await sweepCreations() + await sweepLog();
}

/** The smallest key that is greater. Behind a prefix, its rows begin there. */
function behind(key: Deno.KvKey): Deno.KvKey {
  return [...key, new Uint8Array()];
}
