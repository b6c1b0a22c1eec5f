/**
 * Follows the changes of a collection, for any number of followers.
 *
 * One watch of the last change wakes all of them, and followers at the same position
 * share one reading of the log. Nothing is queued for a follower, so a slow one holds
 * one row: it has a position in the log, and continues from there.
 *
 * @module
 */

import type { Call } from "./call.ts";
import {
  type Change,
  CHANGE_ID,
  type Changes,
  type ChangesOptions,
} from "./collection.ts";
import {
  type AnyFields,
  changeId,
  fill,
  type Layout,
  type Logged,
  type LogRow,
  type Row,
} from "./layout.ts";
import type { KvHandles } from "./open_kv.ts";
import { StoreError } from "./store_error.ts";

// The row at the position, and the next one: a follower that reads nothing holds no
// more than these, up to 64 kB each.
const BATCH = 2;

/**
 * Follows the log of one collection, from the first follower on.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Caller } from "./call.ts";
 * import { layoutOf } from "./layout.ts";
 * import { openKv } from "./open_kv.ts";
 * import { commit } from "./write.ts";
 *
 * using kv = await openKv(":memory:", 1000);
 * using caller = new Caller(1000);
 * const layout = layoutOf({ name: "notes", indexes: [] });
 * const after = { id: "7", createdAt: "", updatedAt: "" };
 * const write = { layout, write: "a", checks: [], before: null, after, at: 0 };
 * await commit(kv.write, [write]);
 *
 * await using feed = new ChangeFeed(kv, layout, caller.call, 1000);
 * const changes = await feed.follow({ signal: AbortSignal.timeout(1000) });
 * await commit(kv.write, [{ ...write, after: { ...after, text: "Hi" } }]);
 *
 * for await (const { id, event } of changes) {
 *   assertEquals([id > changes.from, event], [true, "created"]);
 *   break;
 * }
 * ```
 */
export class ChangeFeed implements AsyncDisposable {
  readonly #kv: KvHandles;
  readonly #layout: Layout;
  readonly #call: Call;
  readonly #pollMs: number;
  readonly #wakes = new Set<() => void>();
  #readings = new Map<string, Promise<Change<AnyFields>[]>>();
  #watch: ReadableStreamDefaultReader<unknown> | undefined;
  #watching: Promise<void> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;
  #closed = false;

  /**
   * Constructs a new instance.
   *
   * @param kv The database. The log of the collection has a row.
   * @param pollMs Milliseconds between two readings of the log where the watch does
   * not see every change, and before a watch that failed is renewed.
   */
  constructor(kv: KvHandles, layout: Layout, call: Call, pollMs: number) {
    this.#kv = kv;
    this.#layout = layout;
    this.#call = call;
    this.#pollMs = pollMs;
  }

  /**
   * Follows the changes.
   *
   * @returns The changes. None is missed from the moment that it resolves.
   */
  async follow({ after, signal }: ChangesOptions): Promise<Changes<AnyFields>> {
    const last = await this.#call(() => this.#readLast());
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
  ): AsyncGenerator<Change<AnyFields>, void> {
    let news = Promise.withResolvers<void>();
    const wake = (): void => news.resolve();
    this.#wakes.add(wake);
    signal.addEventListener("abort", wake);
    try {
      while (!signal.aborted && !this.#closed) {
        // Before the log is read, so that no change gets lost between the two.
        news = Promise.withResolvers();
        const changes = await this.#read(position).catch(noneForNow);
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

  /** Reads the log after a position, once for all who ask during the reading. */
  #read(position: string): Promise<Change<AnyFields>[]> {
    const readings = this.#readings;
    let reading = readings.get(position);
    if (reading === undefined) {
      reading = this.#call(() => this.#readAfter(position))
        .finally(() => readings.delete(position));
      readings.set(position, reading);
    }
    return reading;
  }

  async #start(): Promise<void> {
    const { read, shared } = this.#kv;
    // A watch over a network can be cut off without an error.
    const everyMs = shared ? this.#pollMs : 15 * this.#pollMs;
    this.#poll = setInterval(() => this.#wake(), everyMs);
    while (!this.#closed) {
      try {
        this.#watch = read.watch([this.#layout.rev]).getReader();
        while (!(await this.#watch.read()).done) this.#wake();
      } catch {
        this.#watch = undefined;
        await new Promise((again) => setTimeout(again, this.#pollMs));
      }
    }
  }

  #wake(): void {
    // A reading that has begun may miss the change: later followers do not share it.
    this.#readings = new Map();
    for (const wake of this.#wakes) wake();
  }

  /** Reads the id of the last change. */
  async #readLast(): Promise<string> {
    const rows = this.#kv.read.list<LogRow>(
      { prefix: this.#layout.log },
      { reverse: true, limit: 1 },
    );
    // The newest row is never removed.
    const { value, versionstamp } = (await rows.next()).value!;
    return changeId(versionstamp, Math.max(0, value.changes.length - 1));
  }

  async #readAfter(position: string): Promise<Change<AnyFields>[]> {
    const version = position.slice(0, 20);
    const { log: prefix } = this.#layout;
    const rows = await Array.fromAsync(this.#kv.read.list<LogRow>(
      { prefix, start: [...prefix, version] },
      { limit: BATCH, batchSize: BATCH },
    ));
    if (rows[0]?.versionstamp === version) {
      return rows.flatMap((row) => this.#toChanges(row))
        .filter(({ id }) => id > position);
    }
    // The row was swept, or belongs to another store.
    return [{ id: await this.#readLast(), event: "reset" }];
  }

  #toChanges(
    { value, versionstamp }: Deno.KvEntry<LogRow>,
  ): Change<AnyFields>[] {
    return value.changes.map((logged, place) =>
      toChange(this.#layout, logged, changeId(versionstamp, place))
    );
  }
}

function toChange(
  layout: Layout,
  logged: Logged,
  id: string,
): Change<AnyFields> {
  const { word } = layout;
  const { event } = logged;
  return event === "deleted"
    ? { id, event, valueId: logged[`${word}Id`] as string }
    : { id, event, value: fill(layout, logged[word] as Row) };
}

/** A store that does not respond may do so at the next change, or the next poll. */
function noneForNow(error: unknown): Change<AnyFields>[] {
  if (error instanceof StoreError) return [];
  throw error;
}
