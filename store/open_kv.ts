/**
 * Opens Deno KV, or explains in one sentence why not and what to do.
 *
 * @module
 */

import { type Call, Caller } from "./call.ts";
import { prepareFile, raiseVersion } from "./data_file.ts";

/** An open database, and how it is called. */
export type KvHandles = Disposable & {
  /** To read and to watch. */
  readonly read: Deno.Kv;
  readonly write: Deno.Kv;
  /** Runs what reads only: a store that cannot be written to may still be read. */
  readonly toRead: Call;
  /** Runs what writes. */
  readonly toWrite: Call;
  /** Rejects every pending call, and every later one. */
  readonly endCalls: (why: string) => void;
  /** Whether other processes write to it without the watches of this one noticing. */
  readonly shared: boolean;
  /** Whether it does one operation after another: a file, or memory. */
  readonly inTurn: boolean;
};

/** What to do about a file, by the message of SQLite or of {@linkcode prepareFile}. */
const CURES: readonly (readonly [RegExp, string])[] = [
  [
    /malformed|damaged|log|missing/,
    "restore a backup, or move it away to start empty",
  ],
  [/not a database|another program/, "set KV_PATH to another file"],
  [/is locked|no response/, "stop the program that holds it"],
  [/full/, "make room on the disk"],
];
const FILE_CURE =
  "set KV_PATH to a file in a folder, both of which this user may write to";
const KV_CURE =
  'add "kv" to "unstable" in deno.json, or run with --unstable-kv';
const REMOTE_CURE =
  "see whether the server runs there, and whether DENO_KV_ACCESS_TOKEN is its token";

/**
 * Opens a database.
 *
 * A file is checked first, and gets two handles: one handle does one thing at a time,
 * and reads would wait for the disk behind every write.
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
 * @param timeoutMs How long each step, and then each call, may take, in milliseconds.
 * @returns The database. Rejects with an error that {@linkcode explain} made.
 */
export async function openKv(
  path: string | undefined,
  timeoutMs: number,
): Promise<KvHandles> {
  const inTurn = path !== undefined && !/^https?:/.test(path);
  const isOnDisk = isFile(path);
  using opened = new DisposableStack();
  const reader = opened.use(new Caller(timeoutMs));
  const writer = opened.use(new Caller(timeoutMs));
  const { call: toRead } = reader;
  const { call: toWrite } = writer;
  const endCalls = (why: string): void => {
    reader.close(why);
    writer.close(why);
  };
  const open = async (): Promise<Deno.Kv> =>
    opened.use(
      await toWrite(async (call) => {
        const kv = await Deno.openKv(path);
        // Nothing else closes one that is too late.
        if (call.aborted) kv.close();
        return kv;
      }),
    );
  try {
    const isNew = isOnDisk && await prepareFile(path, toWrite);
    const write = await open();
    // 65 versions in a microsecond: no disk writes as many. A restore takes greater ones.
    const version = BigInt(Date.now()) << 16n;
    if (isNew) await toWrite(() => raiseVersion(path, version));
    const read = isOnDisk ? await open() : write;
    // A remote store is asked for the first time, and a file read.
    await toRead(() => read.get(["rev"]));
    const kept = opened.move();
    return {
      read,
      write,
      toRead,
      toWrite,
      endCalls,
      shared: isOnDisk,
      inTurn,
      [Symbol.dispose]: () => kept.dispose(),
    };
  } catch (error) {
    throw explain(path, error as Error);
  }
}

/**
 * Whether a store is a file: not in memory, nor behind a URL.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * assert(isFile("data/tasks.sqlite3"));
 * assert(!isFile(":memory:"));
 * ```
 */
export function isFile(path: string | undefined): path is string {
  return !/^(?:$|:memory:$|https?:)/.test(path?.trim() ?? "");
}

/**
 * Explains why a database cannot be opened.
 *
 * @returns The error to throw: one sentence, without passwords and tokens.
 */
export function explain(
  path: string | undefined,
  error: Error,
): Error {
  const [reason] = ((error.cause ?? error) as Error).message.split("\n");
  const place = path ?? "the attached database";
  const sentence = [`Cannot open the store at "${place}"`, reason]
    .concat(cureFor(path, reason!)).join(": ");
  return new Error(withoutSecrets(sentence), { cause: error });
}

/** Takes the password and the query out of URLs. */
function withoutSecrets(text: string): string {
  return text.replace(
    /(https?:\/\/)(?:\S*@)?([^\s?#")]*)[^\s")]*/g,
    "$1$2",
  );
}

function cureFor(path: string | undefined, reason: string): string[] {
  if (reason === "Deno.openKv is not a function") return [KV_CURE];
  // Messages of Deno Deploy, and of missing permissions, include the cure.
  if (path === undefined || /run again with/.test(reason)) return [];
  if (/^https?:/.test(path)) return [REMOTE_CURE];
  const cure = CURES.find(([pattern]) => pattern.test(reason));
  return [cure?.[1] ?? FILE_CURE];
}
