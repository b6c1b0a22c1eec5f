// deno-lint-ignore-file no-console -- the program prints why it fails

/**
 * Backs up a data file, and restores it.
 *
 * ```sh
 * deno task backup <file>
 * deno task restore <file>
 * ```
 *
 * @module
 */

import { backup, DatabaseSync } from "node:sqlite";
import {
  checkFile,
  isInUse,
  makeFile,
  raiseVersion,
} from "../store/data_file.ts";
import { isFile } from "../store/open_kv.ts";
import { readConfig } from "./config.ts";
import { readEnvironment } from "./environment.ts";

/**
 * Copies a data file to a new file for this user alone, also while servers write to it.
 * Copying its bytes would lack the last writes, which are in the log beside it.
 */
async function backUp(path: string, to: string): Promise<void> {
  await Deno.stat(path);
  // SQLite takes an empty file for none, and keeps its mode.
  try {
    (await Deno.open(to, { createNew: true, write: true, mode: 0o600 }))
      .close();
  } catch (error) {
    if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    throw new Error(`${to} exists already: name a new file`);
  }
  try {
    using db = new DatabaseSync(path, { timeout: 5000 });
    // In one step: with several, it begins again after each write.
    await backup(db, to, { rate: -1 });
    using copy = new DatabaseSync(to);
    // Without a log, it can be read from a read-only disk.
    copy.exec("pragma journal_mode = delete");
    await checkFile(to);
  } catch (error) {
    await Deno.remove(to);
    throw error;
  }
}

/**
 * Replaces a data file, which no process may have open, by a copy of a backup.
 *
 * What was written after the backup is gone, and clients may have its versions. The next
 * write gets a version that is greater than all of them, so that no `ETag` and no
 * `Last-Event-ID` from before is taken for one from after.
 */
async function restore(from: string, path: string): Promise<void> {
  const copy = `${path}.restored`;
  const remove = (file: string): Promise<void> =>
    Deno.remove(file).catch(() => {});
  await makeFile(path);
  await remove(copy);
  await using end = new AsyncDisposableStack();
  end.defer(() => remove(copy));
  await backUp(from, copy);
  // Nanoseconds since 1970: a file that is restored twice gets other versions again.
  await raiseVersion(copy, BigInt(Date.now()) * 1_000_000n);
  if (await isInUse(path)) {
    throw new Error(`a process has ${path} open: stop the server first`);
  }
  await remove(`${path}-wal`);
  await remove(`${path}-shm`);
  await Deno.rename(copy, path);
}

async function main(): Promise<void> {
  const [command, file] = Deno.args;
  const verb = command === "restore" ? "restore" : "back up";
  try {
    const { env, folder } = readEnvironment();
    const { kvPath } = readConfig(env, folder);
    if (!file) {
      throw new Error(
        `name a file, as in: deno task ${command} backup.sqlite3`,
      );
    }
    if (!isFile(kvPath)) throw new Error("KV_PATH is not a file");
    await (command === "restore"
      ? restore(file, kvPath)
      : backUp(kvPath, file));
  } catch (error) {
    console.error(`Cannot ${verb}: ${(error as Error).message}`);
    Deno.exit(1);
  }
}

if (import.meta.main) await main();
