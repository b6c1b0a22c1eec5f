/**
 * Opens Deno KV, or says in one sentence why not and what to do.
 *
 * @module
 */

import { attempt } from "./kv_attempt.ts";
import { LOG, type LogRow, REV } from "./kv_layout.ts";

/** An open database. */
export interface KvHandles extends Disposable {
  /** To read and to watch. */
  readonly read: Deno.Kv;
  /** To write. */
  readonly write: Deno.Kv;
  /** Whether others write to it without a watch of this process being told. */
  readonly shared: boolean;
  /** Whether it does one operation after another: a file, or memory. */
  readonly inTurn: boolean;
}

/** Says why a store cannot be opened, and what to do. */
export class StoreOpenError extends Error {
  /** Name of the class. */
  override readonly name = "StoreOpenError";
}

/** What to do, by what SQLite says. Deno's own messages say it themselves. */
const CURES: readonly (readonly [RegExp, string])[] = [
  [/malformed|damaged|log/, "restore a backup, or move it away to start empty"],
  [/not a database|another program/, "set KV_PATH to another file"],
  [
    /read-?only|unable to open|os error/,
    "set KV_PATH to a file in a folder, both of which this user may write to",
  ],
  [/is locked/, "stop the program that holds it"],
];

/**
 * Opens a database and makes it ready: the log gets its first row, so that there
 * always is a last change.
 *
 * A file is looked at first. Deno KV opens some damaged and some read-only ones
 * and then ends the whole process at the first read, where nothing can catch it.
 * It also gets two handles: one handle does one thing at a time, and reads would
 * wait for the disk behind every write.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * using kv = await openKv(":memory:", 1000);
 *
 * assertEquals((await kv.read.get(["tasks"])).value, null);
 * ```
 *
 * @param path A file, `:memory:`, the URL of a KV Connect server, or nothing on
 * Deno Deploy.
 * @param timeoutMs How long to wait, in milliseconds.
 * @returns The database. Rejects with a {@linkcode StoreOpenError}.
 */
export async function openKv(
  path: string | undefined,
  timeoutMs: number,
): Promise<KvHandles> {
  try {
    return await open(path, timeoutMs);
  } catch (error) {
    throw explain(path ?? "the attached database", error as Error);
  }
}

async function open(
  path: string | undefined,
  timeoutMs: number,
): Promise<KvHandles> {
  const inTurn = path !== undefined && !/^https?:/.test(path);
  const isFile = inTurn && path !== ":memory:";
  const openOne = (): Promise<Deno.Kv> =>
    attempt(timeoutMs, () => Deno.openKv(path));
  using opened = new DisposableStack();

  if (isFile) await attempt(timeoutMs, () => inspect(path));
  const write = opened.use(await openOne());
  const read = isFile ? opened.use(await openOne()) : write;
  await attempt(timeoutMs, () => prepare({ read, write }));

  const kept = opened.move();
  return {
    read,
    write,
    shared: isFile,
    inTurn,
    [Symbol.dispose]: () => kept.dispose(),
  };
}

/** Sees to it that there is a folder, and that the file does no harm. */
async function inspect(path: string): Promise<true> {
  const size = await sizeOf(path);
  if (size === undefined) {
    await Deno.mkdir(path.replace(/[^/\\]*$/, "") || ".", { recursive: true });
    return true;
  }
  if (await lacksItsLog(path, size)) {
    throw new Error(
      "it and its write-ahead log do not belong together",
    );
  }
  const { DatabaseSync } = await import("node:sqlite");
  using db = new DatabaseSync(path);
  if (db.prepare("pragma quick_check(1)").get()?.quick_check !== "ok") {
    throw new Error("it is damaged");
  }
  const { tables, ours } = db.prepare(COUNT_TABLES).get()!;
  if (tables !== 0 && ours === 0) throw new Error("another program made it");
  // Fails where the file, or the folder that the log goes to, is read-only.
  db.exec("begin immediate; create table probe (x); rollback");
  return true;
}

const COUNT_TABLES = `select count(*) as tables,
  count(*) filter (where name in ('kv', 'migration_state')) as ours
  from sqlite_master where type = 'table'`;

// While a database is open its log comes before the index of the log, "-shm", and
// goes after it. SQLite takes an empty file for a new one and deletes its log.
async function lacksItsLog(path: string, size: number): Promise<boolean> {
  const hasIndex = async (): Promise<boolean> =>
    await sizeOf(`${path}-shm`) !== undefined;
  const before = await hasIndex();
  const log = await sizeOf(`${path}-wal`);
  return log === undefined ? before && await hasIndex() : size === 0 && log > 0;
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    return (await Deno.stat(path)).size;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** Resolves to the last change, or to `undefined` where another was faster. */
async function prepare(
  { read, write }: Pick<KvHandles, "read" | "write">,
): Promise<string | undefined> {
  const rev = await read.get(REV);
  if (rev.versionstamp !== null) return rev.versionstamp;
  const row: LogRow = { changes: [], at: 0 };
  const first = write.atomic().check(rev).set(REV, "")
    .set([...LOG, write.commitVersionstamp()], row);
  const result = await first.commit();
  return result.ok ? result.versionstamp : undefined;
}

function explain(place: string, error: Error): StoreOpenError {
  const { message } = (error.cause ?? error) as Error;
  const cure = CURES.find(([said]) => said.test(message))?.[1];
  const sentence = [`Cannot open the store at "${place}"`, message, cure]
    .filter((part) => part !== undefined).join(": ");
  return new StoreOpenError(sentence, { cause: error });
}
