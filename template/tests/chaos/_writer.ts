/**
 * Writes to a store without end, or so many times, and tells of each write that
 * was acknowledged in a line of JSON. A process of its own, or a worker.
 */

import { openTaskStore } from "../../../routes/tasks/kv_store.ts";
import type { TaskStore } from "../../../routes/tasks/store.ts";
import { tell } from "./_tell.ts";
import { fieldsOf } from "../../../tests/routes/tasks/store_contract.ts";

/** A write that the store acknowledged. */
export interface Acknowledged {
  /** Of which task. */
  id: string;
  /** Its version since then, or `null` where it was deleted. */
  version: string | null;
  /** How many milliseconds it took. */
  ms: number;
}

/**
 * Twelve who write without a pause may wait longer than the five seconds that are the
 * default: for SQLite's lock there is no queue. So what takes longer is counted.
 */
export const PATIENCE_MS = 60_000;

/** Starts a clock that tells how long it is since it was last looked at. */
function startClock(): () => number {
  let last = performance.now();
  return function lap(): number {
    const began = last;
    last = performance.now();
    return last - began;
  };
}

/** Writes and tells. Another task in each of three writes, then changes of it. */
export async function write(
  store: TaskStore,
  turn: number,
  tell: (line: Acknowledged) => void,
): Promise<void> {
  const once = turn % 3 === 0
    ? { key: crypto.randomUUID(), bodyHash: "" }
    : undefined;
  const lap = startClock();
  const { task: { id }, version } = await store.create(fieldsOf(), once);
  tell({ id, version, ms: lap() });
  const updated = await store.update(id, {
    done: turn % 2 === 0,
    priority: turn % 5 === 0 ? "high" : "low",
    description: "x".repeat(turn % 2000),
  });
  tell({ id, version: updated!.version, ms: lap() });
  if (turn % 4 !== 0) return;
  await store.delete(id);
  tell({ id, version: null, ms: lap() });
}

/** As many as write at once: what they write goes together. */
const LANES = 8;

if (import.meta.main) {
  const [path = "", turns = "0", shared = ""] = Deno.args;
  await using store = await openTaskStore({ path, timeoutMs: PATIENCE_MS });
  let turn = 0;

  const takeTurns = async (lane: number): Promise<void> => {
    while (turn < Number(turns)) {
      const mine = ++turn;
      await write(store, mine, tell);
      if (shared === "" || lane > 0) continue;
      const title = `${Deno.pid} ${mine}`;
      const lap = startClock();
      const { version } = (await store.update(shared, { title }))!;
      tell({ id: shared, version, ms: lap() });
    }
  };
  await Promise.all(
    Array.from({ length: LANES }, (_, lane) => takeTurns(lane)),
  );
}
