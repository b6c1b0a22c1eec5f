/**
 * Tells any number of followers what changes in the store.
 *
 * One watch of the last change and one reading of the log serve all of them.
 * Nothing is queued for a follower: each has a position, and takes what comes
 * after it from the newest changes, kept in memory, or from the log where it is
 * further behind. So a slow one costs no memory.
 *
 * @module
 */

import { LOG, type LogRow, REV } from "./kv_layout.ts";
import type { Change, Changes, ChangesOptions } from "./store.ts";

const MOST_KEPT = 500;
const BATCH = 500;
const VERSION = /^[0-9a-f]{20}$/;

/** Options for {@linkcode ChangeFeed}. */
export interface ChangeFeedOptions {
  /** Wraps every reading of the log, so that each has a deadline. */
  attempt: <T>(body: () => Promise<T>) => Promise<T>;
  /** Whether other processes write without a watch of this one being told. */
  polls: boolean;
  /** Milliseconds between two looks at the log, and before a failed watch is renewed. */
  pollMs: number;
}

/**
 * Follows the log of one database. It starts with its first follower.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { addChange } from "./kv_layout.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const opened = { event: "opened", at: 0, write: "1" } as const;
 * await addChange(kv, kv.atomic(), opened, null, null).commit();
 * await using feed = new ChangeFeed(kv, {
 *   attempt: (body) => body(),
 *   polls: false,
 *   pollMs: 1000,
 * });
 * const { signal } = new AbortController();
 * const changes = await feed.follow({ signal });
 *
 * const row = { event: "deleted", taskId: "7", at: 0, write: "2" } as const;
 * await addChange(kv, kv.atomic(), row, null, null).commit();
 *
 * for await (const change of changes) {
 *   assertEquals(change.event, "deleted");
 *   break;
 * }
 * ```
 */
export class ChangeFeed implements AsyncDisposable {
  readonly #kv: Deno.Kv;
  readonly #options: ChangeFeedOptions;
  /** The newest changes, oldest first. Never empty while there are followers. */
  #recent: Change[] = [];
  #news = Promise.withResolvers<void>();
  #watch: ReadableStreamDefaultReader<unknown> | undefined;
  #poll: ReturnType<typeof setInterval> | undefined;
  #running: Promise<void> | undefined;
  #closed = false;

  /**
   * Constructs a new instance.
   *
   * @param kv The database, to read.
   * @param options How to read it.
   */
  constructor(kv: Deno.Kv, options: ChangeFeedOptions) {
    this.#kv = kv;
    this.#options = options;
  }

  /**
   * Follows what changes.
   *
   * @param options From where, and until when.
   * @returns The changes. None is missed from the moment that it resolves.
   */
  async follow({ after, signal }: ChangesOptions): Promise<Changes> {
    const { newest, known } = await this.#options.attempt(async () => ({
      newest: await readNewest(this.#kv),
      known: VERSION.test(after ?? "")
        ? (await this.#kv.get([...LOG, after!])).versionstamp
        : null,
    }));
    this.#start(newest);
    // No change has the empty id, so the log does not reach back to it.
    const from = after === undefined ? newest.id : known ?? "";
    return Object.assign(this.#changes(from, signal), { from });
  }

  /** Ends every iteration. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    clearInterval(this.#poll);
    this.#wake();
    await this.#watch?.cancel();
    await this.#running;
  }

  async *#changes(
    position: string,
    signal: AbortSignal,
  ): AsyncGenerator<Change, void> {
    const wake = (): void => this.#wake();
    signal.addEventListener("abort", wake, { once: true });
    try {
      while (!signal.aborted && !this.#closed) {
        // Taken before the look, so that no news is lost between the two.
        const news = this.#news.promise;
        const changes = await this.#after(position);
        if (changes.length === 0) await news;
        for (const change of changes) {
          if (signal.aborted) return;
          yield change;
          position = change.id;
        }
      }
    } finally {
      signal.removeEventListener("abort", wake);
    }
  }

  async #after(position: string): Promise<readonly Change[]> {
    if (position >= this.#recent[0]!.id) {
      const last = this.#recent.findLastIndex(({ id }) => id <= position);
      return this.#recent.slice(last + 1);
    }
    return await this.#read(position) ??
      [{ id: this.#recent.at(-1)!.id, event: "reset" }];
  }

  #start(newest: Change): void {
    if (this.#running !== undefined || this.#closed) return;
    this.#recent = [newest];
    this.#running = this.#run();
    if (!this.#options.polls) return;
    this.#poll = setInterval(
      () => this.#pull().catch(ignore),
      this.#options.pollMs,
    );
  }

  /** Reads the log whenever the watch says so. Starts over where that fails. */
  async #run(): Promise<void> {
    while (!this.#closed) {
      try {
        this.#watch = this.#kv.watch([REV]).getReader();
        while (!(await this.#watch.read()).done) await this.#pull();
      } catch {
        await new Promise((again) => setTimeout(again, this.#options.pollMs));
      }
    }
  }

  async #pull(): Promise<void> {
    for (let full = true; full;) {
      const fresh = await this.#read(this.#recent.at(-1)!.id);
      full = fresh?.length === BATCH;
      // Another pull may have been faster.
      const last = this.#recent.at(-1)!.id;
      const news = fresh?.filter(({ id }) => id > last);
      if (news?.length === 0) continue;
      this.#recent = news === undefined
        // Swept from under us: followers find out from the log.
        ? [await this.#options.attempt(() => readNewest(this.#kv))]
        : [...this.#recent, ...news].slice(-MOST_KEPT);
      this.#wake();
    }
  }

  #read(position: string): Promise<Change[] | null> {
    return this.#options.attempt(() => readAfter(this.#kv, position));
  }

  #wake(): void {
    const { resolve } = this.#news;
    this.#news = Promise.withResolvers();
    resolve();
  }
}

/** Reads the log after a change, or gives `null` where it is no longer there. */
async function readAfter(
  kv: Deno.Kv,
  position: string,
): Promise<Change[] | null> {
  const rows = kv.list<LogRow>(
    { prefix: LOG, start: [...LOG, position] },
    { limit: BATCH + 1, batchSize: BATCH + 1 },
  );
  const [seen, ...changes] = (await Array.fromAsync(rows)).map(toChange);
  return seen?.id === position ? changes : null;
}

async function readNewest(kv: Deno.Kv): Promise<Change> {
  const rows = kv.list<LogRow>({ prefix: LOG }, { reverse: true, limit: 1 });
  const [newest] = await Array.fromAsync(rows);
  return toChange(newest!);
}

function toChange({ key, value }: Deno.KvEntry<LogRow>): Change {
  const { at: _at, write: _write, ...change } = value;
  // "opened" comes before every position, so nobody gets to see it.
  return { id: key.at(-1) as string, ...change } as Change;
}

function ignore(): void {
  // The next look is due soon.
}
