// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Prints the folder of the store, which `deno task start` may read and write.
 *
 * @module
 */

import { readEnvironment } from "./environment.ts";

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

/** Without a file, this is the folder of the default store. */
function storeFolder(path: string | undefined): string {
  return isFile(path) ? `${path}/..` : "data";
}

function readPath(): string | undefined {
  try {
    return readEnvironment().env("KV_PATH");
  } catch {
    // main.ts reports it.
    return undefined;
  }
}

if (import.meta.main) console.log(storeFolder(readPath()));
