/**
 * Keeps collections in Deno KV.
 *
 * @module
 */

import { buildIndexes } from "./build_indexes.ts";
import { Caller } from "./call.ts";
import { ChangeFeed } from "./change_feed.ts";
import type {
  Collection,
  CollectionDeclaration,
  Database,
} from "./collection.ts";
import { KvCollection } from "./kv_collection.ts";
import { type Layout, layoutOf, type LogRow } from "./layout.ts";
import { explain, type KvHandles, openKv } from "./open_kv.ts";
import { type Progress, sweepBefore } from "./sweep.ts";
import { Writer } from "./writer.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Options for {@linkcode openDatabase}. */
export interface DatabaseOptions {
  /** Milliseconds that a call may take. @default {5000} */
  readonly timeoutMs?: number;
  /** Milliseconds between two looks for changes of other processes. @default {1000} */
  readonly pollMs?: number;
  /** Milliseconds between two sweeps. @default {60000} */
  readonly sweepMs?: number;
  /** Clock that returns milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** Is called with the progress of what takes long at the start. */
  readonly report?: (message: string) => void;
}

/**
 * Opens a database in Deno KV.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * await using database = await openDatabase(":memory:");
 * const notes = await database.collection<{ text: string }>({
 *   name: "notes",
 *   indexes: [],
 * });
 * const { value, version } = await notes.create({ text: "Hi" });
 *
 * assertEquals(await notes.get(value.id), { value, version });
 * ```
 *
 * @param path What `Deno.openKv` takes: a file, `:memory:`, or the URL of a KV Connect
 * server; `undefined` on Deno Deploy.
 * @param options How long to wait for it.
 * @returns The database. Declare it with `await using`, so that it is closed. Rejects
 * with a `StoreOpenError`.
 */
export async function openDatabase(
  path: string | undefined,
  options: DatabaseOptions = {},
): Promise<Database> {
  const settings = {
    timeoutMs: 5000,
    pollMs: 1000,
    sweepMs: 60_000,
    now: Date.now,
    report: () => {},
    ...options,
  };
  return new KvDatabase(
    path,
    await openKv(path, settings.timeoutMs),
    settings,
  );
}

class KvDatabase implements Database {
  readonly #path: string | undefined;
  readonly #kv: KvHandles;
  readonly #settings: Required<DatabaseOptions>;
  readonly #resources = new AsyncDisposableStack();
  readonly #writer: Writer;
  // Two, because a store that cannot be written to may still be read.
  readonly #reader: Caller;
  readonly #changer: Caller;
  /** The collections that are open, and how far each was swept. */
  readonly #swept = new Map<Layout, Progress>();

  constructor(
    path: string | undefined,
    kv: KvHandles,
    settings: Required<DatabaseOptions>,
  ) {
    this.#path = path;
    this.#kv = this.#resources.use(kv);
    this.#settings = settings;
    this.#writer = new Writer(kv.write, kv.inTurn);
    this.#reader = this.#resources.use(new Caller(settings.timeoutMs));
    this.#changer = this.#resources.use(new Caller(settings.timeoutMs));
    // What a sweep that fails leaves behind, the next one removes.
    const sweep = (): void => void this.sweep().catch(() => {});
    this.#resources.adopt(setInterval(sweep, settings.sweepMs), clearInterval);
  }

  async collection<Fields extends object>(
    declaration: CollectionDeclaration,
  ): Promise<Collection<Fields>> {
    const layout = layoutOf(declaration);
    const kv = this.#kv;
    const { call } = this.#changer;
    const { report, pollMs, now } = this.#settings;
    try {
      await call(() => beginLog(kv, layout));
      await buildIndexes(layout, { kv, call, report });
    } catch (error) {
      throw explain(this.#path, error as Error);
    }
    this.#swept.set(layout, {});
    const toRead = this.#reader.call;
    const feed = this.#resources.use(
      new ChangeFeed(kv, layout, toRead, pollMs),
    );
    return new KvCollection<Fields>({
      layout,
      kv: kv.read,
      writer: this.#writer,
      feed,
      toRead,
      toWrite: call,
      now,
    });
  }

  async ping(): Promise<void> {
    await this.#reader.call(() => this.#kv.read.get(["rev"]));
  }

  async sweep(): Promise<number> {
    const time = this.#settings.now() - DAY_MS;
    let removed = 0;
    for (const [layout, progress] of this.#swept) {
      removed += await this.#changer.call(() =>
        sweepBefore(this.#kv.write, layout, time, progress)
      );
    }
    return removed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }
}

/**
 * Writes the first row of the log, so that there always is a last change. Resolves to
 * `undefined` if another process was faster.
 */
async function beginLog(
  { read, write }: KvHandles,
  layout: Layout,
): Promise<string | undefined> {
  const rev = await read.get(layout.rev);
  if (rev.versionstamp !== null) return rev.versionstamp;
  const row: LogRow = { changes: [], at: 0 };
  const result = await write.atomic().check(rev).set(layout.rev, "")
    .set([...layout.log, write.commitVersionstamp()], row).commit();
  return result.ok ? result.versionstamp : undefined;
}
