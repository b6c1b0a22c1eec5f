/**
 * Writes to a store without end, or so many times, and reports each write that
 * was acknowledged in a line of JSON. A separate process, or a worker.
 */

import type { Collection } from "../../../store/collection.ts";
import {
  fieldsOf,
  type NoteFields,
  NOTES,
  openTasks,
  patch,
  type TaskFields,
} from "../../../tests/store/tasks.ts";
import { tell } from "./_tell.ts";

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
 * Twelve writers without a pause may wait longer than the five seconds that are the
 * default: for SQLite's lock there is no queue. So what takes longer is counted.
 */
export const PATIENCE_MS = 60_000;

/** Starts a clock that returns the time since its last reading. */
function startClock(): () => number {
  let last = performance.now();
  return function lap(): number {
    const began = last;
    last = performance.now();
    return last - began;
  };
}

/** Writes and reports. Another task in each of three writes, then changes of it. */
export async function write(
  { tasks }: { tasks: Collection<TaskFields> },
  turn: number,
  tell: (line: Acknowledged) => void,
): Promise<void> {
  const once = turn % 3 === 0
    ? { key: crypto.randomUUID(), bodyHash: "" }
    : undefined;
  const lap = startClock();
  const { value: { id }, version } = await tasks.create(fieldsOf(), once);
  tell({ id, version, ms: lap() });
  const updated = await tasks.update(
    id,
    patch({
      done: turn % 2 === 0,
      priority: turn % 5 === 0 ? "high" : "low",
      description: "x".repeat(turn % 2000),
    }),
  );
  tell({ id, version: updated!.version, ms: lap() });
  if (turn % 4 !== 0) return;
  await tasks.delete(id);
  tell({ id, version: null, ms: lap() });
}

/** Number of parallel writes, which share a commit. */
const LANES = 8;

if (import.meta.main) {
  const [path = "", turns = "0", shared = ""] = Deno.args;
  await using open = await openTasks(path, { timeoutMs: PATIENCE_MS });
  // Another collection in the same commits.
  const notes = await open.database.collection<NoteFields>(NOTES);
  let turn = 0;

  const takeTurns = async (lane: number): Promise<void> => {
    while (turn < Number(turns)) {
      const mine = ++turn;
      await Promise.all([
        write(open, mine, tell),
        notes.create({ text: "x".repeat(mine % 500), rank: mine % 7 }),
      ]);
      if (shared === "" || lane > 0) continue;
      const title = `${Deno.pid} ${mine}`;
      const lap = startClock();
      const { version } = (await open.tasks.update(shared, patch({ title })))!;
      tell({ id: shared, version, ms: lap() });
    }
  };
  await Promise.all(
    Array.from({ length: LANES }, (_, lane) => takeTurns(lane)),
  );
}
