/**
 * Follows the changes of a collection, for any number of followers.
 *
 * One watch of the last change wakes all of them, and followers at the same position
 * share one reading of the log. Nothing is queued for a follower, so a slow one holds
 * one row: it has a position in the log, and continues from there.
 *
 * @module
 */

import {
  type Change,
  CHANGE_ID,
  type Changes,
  type ChangesOptions,
  StoreError,
} from "./collection.ts";
import type { AnyFields, Layout, LogRow, Row } from "./layout.ts";
import type { KvHandles } from "./open_kv.ts";

// The row at the position, and the next one: a follower that reads nothing holds no
// more than these, up to 64 kB each.
const BATCH = 2;

/** The changes of a collection. */
export type ChangeFeed = AsyncDisposable & {
  /** Follows the changes. None is missed from the moment that it resolves. */
  follow(options: ChangesOptions): Promise<Changes<AnyFields>>;
};

/**
 * Creates a feed of the log of one collection. It works from the first follower on;
 * disposing of it ends every iteration.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 * import { openKv } from "./open_kv.ts";
 *
 * using kv = await openKv(":memory:", 1000);
 * const layout = layoutOf({ name: "notes", indexes: [] });
 * const key = [...layout.log, kv.write.commitVersionstamp()];
 * const row = { changes: [{ event: "deleted", noteId: "7" }] };
 * const write = (): Promise<unknown> => kv.write.atomic().set(key, row).commit();
 * await write();
 *
 * await using feed = createChangeFeed(kv, layout, 1);
 * const changes = await feed.follow({ signal: AbortSignal.timeout(1000) });
 * await write();
 * const { value } = await changes[Symbol.asyncIterator]().next();
 *
 * assertEquals(value?.event, "deleted");
 * ```
 *
 * @param kv The database. The log of the collection has a row.
 * @param pollMs Milliseconds between two readings of the log where the watch does not
 * see every change, and before a watch that failed is renewed.
 */
export function createChangeFeed(
  kv: KvHandles,
  layout: Layout,
  pollMs: number,
): ChangeFeed {
  const wakes = new Set<() => void>();
  let readings = new Map<string, Promise<Change<AnyFields>[]>>();
  let watch: ReadableStreamDefaultReader<unknown> | undefined;
  let watching: Promise<void> | undefined;
  let poll: ReturnType<typeof setInterval> | undefined;
  let isClosed = false;

  function wakeAll(): void {
    // A reading that has begun may miss the change: later followers do not share it.
    readings = new Map();
    for (const wake of wakes) wake();
  }

  async function startWatching(): Promise<void> {
    // A watch over a network can be cut off without an error.
    poll = setInterval(wakeAll, kv.shared ? pollMs : 15 * pollMs);
    while (!isClosed) {
      try {
        watch = kv.read.watch([layout.rev]).getReader();
        while (!(await watch.read()).done) wakeAll();
      } catch {
        watch = undefined;
        await new Promise((again) => setTimeout(again, pollMs));
      }
    }
  }

  /** Reads the log after a position, once for all who ask during the reading. */
  function read(position: string): Promise<Change<AnyFields>[]> {
    const all = readings;
    const reading = all.get(position) ??
      kv.toRead(() => readAfter(kv.read, layout, position))
        .finally(() => all.delete(position));
    all.set(position, reading);
    return reading;
  }

  async function* iterate(
    position: string,
    signal: AbortSignal,
  ): AsyncGenerator<Change<AnyFields>, void> {
    let news = Promise.withResolvers<void>();
    const wake = (): void => news.resolve();
    wakes.add(wake);
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted && !isClosed) {
        // Before the log is read, so that no change gets lost between the two.
        news = Promise.withResolvers();
        const changes = await read(position).catch(noneForNow);
        if (changes.length === 0) await news.promise;
        for (const change of changes) {
          if (signal.aborted) return;
          yield change;
          position = change.id;
        }
      }
    } finally {
      wakes.delete(wake);
      signal.removeEventListener("abort", wake);
    }
  }

  return {
    async follow({ after, signal }): Promise<Changes<AnyFields>> {
      const last = await kv.toRead(() => readLast(kv.read, layout));
      watching ??= startWatching();
      // No change has the empty id: the log does not reach back to it.
      const from = CHANGE_ID.test(after ?? last) ? after ?? last : "";
      return Object.assign(iterate(from, signal), { from });
    },

    async [Symbol.asyncDispose](): Promise<void> {
      isClosed = true;
      clearInterval(poll);
      wakeAll();
      await watch?.cancel();
      await watching;
    },
  };
}

/** Reads the id of the last change. */
async function readLast(kv: Deno.Kv, { log }: Layout): Promise<string> {
  const rows = kv.list<LogRow>({ prefix: log }, { reverse: true, limit: 1 });
  // The newest row is never removed.
  const { value, versionstamp } = (await rows.next()).value!;
  return changeId(versionstamp, Math.max(0, value.changes.length - 1));
}

async function readAfter(
  kv: Deno.Kv,
  layout: Layout,
  position: string,
): Promise<Change<AnyFields>[]> {
  const version = position.slice(0, 20);
  const rows = await Array.fromAsync(kv.list<LogRow>(
    { prefix: layout.log, start: [...layout.log, version] },
    { limit: BATCH, batchSize: BATCH },
  ));
  if (rows[0]?.versionstamp === version) {
    return rows.flatMap((row) => changesOf(layout, row))
      .filter(({ id }) => id > position);
  }
  // The row was swept, or belongs to another store.
  return [{ id: await readLast(kv, layout), event: "reset" }];
}

function changesOf(
  layout: Layout,
  { value, versionstamp }: Deno.KvEntry<LogRow>,
): Change<AnyFields>[] {
  const { word } = layout;
  return value.changes.map((logged, place) => {
    const { event } = logged;
    const id = changeId(versionstamp, place);
    return event === "deleted"
      ? { id, event, valueId: logged[`${word}Id`] as string }
      : { id, event, value: layout.fill(logged[word] as Row) };
  });
}

/** Names a change: later ones sort after earlier ones. See {@linkcode CHANGE_ID}. */
function changeId(version: string, place: number): string {
  return place === 0 ? version : version + place.toString(16).padStart(2, "0");
}

/** A store that does not respond may do so at the next change, or the next poll. */
function noneForNow(error: unknown): Change<AnyFields>[] {
  if (error instanceof StoreError) return [];
  throw error;
}
