/**
 * Keeps collections in Deno KV.
 *
 * @module
 */

import { buildIndexes } from "./build_indexes.ts";
import { createChangeFeed } from "./change_feed.ts";
import type {
  Collection,
  CollectionDeclaration,
  Database,
} from "./collection.ts";
import { createCollection } from "./kv_collection.ts";
import { type Layout, layoutOf, type LogRow } from "./layout.ts";
import { explain, type KvHandles, openKv } from "./open_kv.ts";
import { createSweep } from "./sweep.ts";
import { createWriter } from "./writer.ts";

/** A commit on a disk that is not slow, in milliseconds. */
const FAST_MS = 250;

/** Options for {@linkcode openDatabase}. */
export interface DatabaseOptions {
  /** Milliseconds that a call may take. @default {5000} */
  readonly timeoutMs?: number;
  /** How often to look for changes of other processes, in milliseconds. @default {1000} */
  readonly pollMs?: number;
  /** Milliseconds between two sweeps. @default {10000} */
  readonly sweepMs?: number;
  /** Clock that returns milliseconds since 1970. @default {Date.now} */
  readonly now?: () => number;
  /** Is called with what takes long at the start, and with the loss of the file. */
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
 * @returns The database. Declare it with `await using`, so that it is closed. Rejects
 * with an error that says what to do.
 */
export async function openDatabase(
  path: string | undefined,
  {
    timeoutMs = 5000,
    pollMs = 1000,
    sweepMs = 10_000,
    now = Date.now,
    report = () => {},
  }: DatabaseOptions = {},
): Promise<Database> {
  const resources = new AsyncDisposableStack();
  const kv = resources.use(await openKv(path, timeoutMs));
  if (kv.shared) resources.defer(() => waitForDisk(kv.write, timeoutMs));
  const write = createWriter(kv.write, kv.inTurn);
  let sweeping: Promise<number> | undefined;
  // A sweep ends at its next call, once the calls are closed.
  resources.defer(() => sweeping?.then(() => {}, () => {}));
  resources.defer(() => kv.endCalls("it is closed"));
  if (kv.shared) {
    const timer = await watchFile(path!, pollMs, () => {
      const why = `the data file "${path}" was deleted or replaced`;
      kv.endCalls(why);
      report(`T${why.slice(1)}: restart the server`);
    });
    resources.adopt(timer, clearInterval);
  }

  const sweeps: (() => Promise<number>)[] = [];

  async function sweepAll(): Promise<number> {
    let removed = 0;
    for (const sweepOne of sweeps) removed += await sweepOne();
    return removed;
  }
  // One that takes longer than the interval is not overtaken.
  function sweep(): Promise<number> {
    return sweeping ??= sweepAll().finally(() => sweeping = undefined);
  }
  // What a sweep that fails leaves behind, the next one removes.
  const timer = setInterval(() => void sweep().catch(() => {}), sweepMs);
  resources.adopt(timer, clearInterval);

  const collections = new Map<CollectionDeclaration, Promise<unknown>>();

  async function openCollection(
    declaration: CollectionDeclaration,
  ): Promise<unknown> {
    const layout = layoutOf(declaration);
    try {
      await kv.toWrite(() => beginLog(kv, layout));
      await buildIndexes(kv, layout, report);
    } catch (error) {
      throw explain(path, error as Error);
    }
    sweeps.push(createSweep(kv, layout, now));
    const feed = resources.use(createChangeFeed(kv, layout, pollMs));
    return createCollection({ kv, layout, write, feed, now });
  }

  return {
    collection<Fields extends object>(
      declaration: CollectionDeclaration,
    ): Promise<Collection<Fields>> {
      const collection = collections
        .getOrInsertComputed(declaration, openCollection);
      return collection as Promise<Collection<Fields>>;
    },

    async ping(): Promise<void> {
      await kv.toRead(() => kv.read.get(["rev"]));
    },

    sweep,

    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/**
 * Waits until the disk is fast, or for some time. Closing a file blocks this thread
 * until its log is merged: on a slow disk, the process would miss its time to stop.
 */
async function waitForDisk(kv: Deno.Kv, ms: number): Promise<void> {
  const end = performance.now() + ms;
  for (;;) {
    const start = performance.now();
    await kv.atomic().commit().catch(() => {});
    if (performance.now() - start < FAST_MS || start > end) return;
  }
}

/** Calls back once a path is no longer the file that it is now. */
async function watchFile(
  path: string,
  ms: number,
  onLoss: () => void,
): Promise<ReturnType<typeof setInterval>> {
  const { ino } = await Deno.stat(path);
  const timer = setInterval(async () => {
    const isThere = await Deno.stat(path).then(
      (file) => file.ino === ino,
      (error) => !(error instanceof Deno.errors.NotFound),
    );
    if (isThere) return;
    clearInterval(timer);
    onLoss();
  }, ms);
  return timer;
}

/** Writes the first row of the log, so that there always is a last change. */
async function beginLog(
  { read, write }: KvHandles,
  { rev, log }: Layout,
): Promise<true> {
  const last = await read.get(rev);
  const row: LogRow = { changes: [], at: 0 };
  const atomic = write.atomic().check(last).set(rev, "")
    .set([...log, write.commitVersionstamp()], row);
  // Where this does not succeed, another process was faster.
  if (last.versionstamp === null) await atomic.commit();
  return true;
}
