/**
 * Tells any number of followers what changes in the store.
 *
 * One watch of the last change wakes all of them, and those who are equally far
 * share one reading of the log. Nothing is queued for a follower, so a slow one
 * costs no memory: it has a position in the log, and goes on from there.
 *
 * @module
 */

import { changeId, LOG, type LogRow, REV } from "./kv_layout.ts";
import type { KvHandles } from "./open_kv.ts";
import {
  type Change,
  CHANGE_ID,
  type Changes,
  type ChangesOptions,
  StoreError,
} from "./store.ts";

// Rows of the log that are read at once: each has up to fifty changes.
const BATCH = 100;

/** Calls the database, with a deadline. */
export type Attempt = <T>(body: () => Promise<T>) => Promise<T>;

/**
 * Follows the log of one database, from its first follower on.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { writeChanges } from "./kv_write.ts";
 * import { openKv } from "./open_kv.ts";
 * import { parseNewTask } from "./task.ts";
 *
 * using kv = await openKv(":memory:", 1000);
 * await using feed = new ChangeFeed(kv, (body) => body(), 1000);
 * const changes = await feed.follow({ signal: AbortSignal.timeout(1000) });
 *
 * const at = "2026-11-23T00:00:00.000Z";
 * const fields = parseNewTask({ title: "Write" });
 * const is = { id: "7", ...fields, createdAt: at, updatedAt: at };
 * await writeChanges(kv.write, [{ write: "a", checks: [], was: null, is, at: 0 }]);
 *
 * for await (const { id, event } of changes) {
 *   assertEquals([id > changes.from, event], [true, "created"]);
 *   break;
 * }
 * ```
 */
export class ChangeFeed implements AsyncDisposable {
  readonly #kv: KvHandles;
  readonly #attempt: Attempt;
  readonly #pollMs: number;
  readonly #wakes = new Set<() => void>();
  #readings = new Map<string, Promise<Change[]>>();
  #watch: ReadableStreamDefaultReader<unknown> | undefined;
  #watching: Promise<void> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  /**
   * Constructs a new instance.
   *
   * @param kv The database.
   * @param attempt Wraps every reading of the log.
   * @param pollMs Milliseconds between two looks at the log where the watch is not
   * told of every change, and before a watch that failed is renewed.
   */
  constructor(kv: KvHandles, attempt: Attempt, pollMs: number) {
    this.#kv = kv;
    this.#attempt = attempt;
    this.#pollMs = pollMs;
  }

  /**
   * Follows what changes.
   *
   * @param options From where, and until when.
   * @returns The changes. None is missed from the moment that it resolves.
   */
  async follow({ after, signal }: ChangesOptions): Promise<Changes> {
    const last = await this.#attempt(() => readLast(this.#kv.read));
    this.#watching ??= this.#start();
    const from = after ?? last;
    // No change has the empty id: the log does not reach back to it.
    const position = CHANGE_ID.test(from) ? from : "";
    return Object.assign(this.#changes(position, signal), { from: position });
  }

  /** Ends every iteration. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#poll);
    this.#wake();
    await this.#watch?.cancel();
    await this.#watching;
  }

  async *#changes(
    position: string,
    signal: AbortSignal,
  ): AsyncGenerator<Change, void> {
    let news = Promise.withResolvers<void>();
    const wake = (): void => news.resolve();
    this.#wakes.add(wake);
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted && !this.#closed) {
        // Before the log is read, so that no news gets lost between the two.
        news = Promise.withResolvers();
        const changes = await this.#read(position).catch(nothingForNow);
        if (changes.length === 0) await news.promise;
        for (const change of changes) {
          if (signal.aborted) return;
          yield change;
          position = change.id;
        }
      }
    } finally {
      this.#wakes.delete(wake);
      signal.removeEventListener("abort", wake);
    }
  }

  /** Reads the log after a position, once for all who ask before it is there. */
  #read(position: string): Promise<Change[]> {
    const readings = this.#readings;
    let reading = readings.get(position);
    if (reading === undefined) {
      reading = this.#attempt(() => readAfter(this.#kv.read, position))
        .finally(() => readings.delete(position));
      readings.set(position, reading);
    }
    return reading;
  }

  async #start(): Promise<void> {
    const { read, shared } = this.#kv;
    // A watch over a network can be cut off without a word.
    const everyMs = shared ? this.#pollMs : 15 * this.#pollMs;
    this.#poll = setInterval(() => this.#wake(), everyMs);
    while (!this.#closed) {
      try {
        this.#watch = read.watch([REV]).getReader();
        while (!(await this.#watch.read()).done) this.#wake();
      } catch {
        this.#watch = undefined;
        await new Promise((again) => setTimeout(again, this.#pollMs));
      }
    }
  }

  #wake(): void {
    // A reading that has begun may miss the news: it is not for those who wake.
    this.#readings = new Map();
    for (const wake of this.#wakes) wake();
  }
}

/** A store that does not answer may do so when the next news comes, or the next poll. */
function nothingForNow(error: unknown): Change[] {
  if (error instanceof StoreError) return [];
  throw error;
}

/** Reads the id of the last change. */
async function readLast(kv: Deno.Kv): Promise<string> {
  const rows = kv.list<LogRow>({ prefix: LOG }, { reverse: true, limit: 1 });
  // The newest row is never removed.
  const { value: row } = await rows.next();
  return toChanges(row!).at(-1)?.id ?? row!.versionstamp;
}

async function readAfter(kv: Deno.Kv, position: string): Promise<Change[]> {
  const version = position.slice(0, 20);
  const rows = await Array.fromAsync(kv.list<LogRow>(
    { prefix: LOG, start: [...LOG, version] },
    { limit: BATCH, batchSize: BATCH },
  ));
  if (rows[0]?.versionstamp === version) {
    return rows.flatMap(toChanges).filter(({ id }) => id > position);
  }
  // The row was swept, or is of another store.
  return [{ id: await readLast(kv), event: "reset" }];
}

function toChanges({ value, versionstamp }: Deno.KvEntry<LogRow>): Change[] {
  return value.changes.map(({ write: _write, ...change }, place) => ({
    id: changeId(versionstamp, place),
    ...change,
  }));
}
