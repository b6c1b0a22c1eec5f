/**
 * A collection in Deno KV.
 *
 * Every write checks the rows it relies on and, by its own success, makes that check
 * fail: sending it twice applies it once. `layout.ts` lists the rows.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { CallerError, type Signal } from "./call.ts";
import type { ChangeFeed } from "./change_feed.ts";
import {
  type Changes,
  type Collection,
  type Page,
  type Precondition,
  type Stored,
  StoreError,
  type Value,
} from "./collection.ts";
import type { AnyFields, Creation, Layout, Row } from "./layout.ts";
import type { KvHandles } from "./open_kv.ts";
import { readPage } from "./page.ts";
import { createUlid } from "./ulid.ts";
import type { Write, Writer } from "./writer.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a collection consists of. The handles and the writer are shared by all. */
export type CollectionParts = {
  readonly kv: KvHandles;
  readonly layout: Layout;
  readonly write: Writer;
  readonly feed: ChangeFeed;
  /** Returns milliseconds since 1970. */
  readonly now: () => number;
};

/** Creates a collection in Deno KV. Use `openDatabase()`, which makes its parts. */
export function createCollection<Fields extends object>(
  { kv: { read, toRead, toWrite }, layout, write, feed, now }: CollectionParts,
): Collection<Fields> {
  const { word, values, rev, idempotency, fill } = layout;
  const ulid = createUlid(now);

  // A string that is no id may be too long for a key. No row has this shorter key.
  const keyOf = (id: string): Deno.KvKey =>
    id.length === 26 ? [...values, id] : values;

  function storedOf(row: Row, version: string): Stored<Fields> {
    return { value: fill(row) as Value<Fields>, version };
  }

  let seenVersion: string | undefined;

  /** Writes a change. Resolves to its row, unless a check failed. */
  async function apply(
    change: Omit<Write, "layout">,
    signal: Signal,
  ): Promise<Stored<Fields> | undefined> {
    const version = await write({ layout, ...change }, signal);
    if (version === undefined) return undefined;
    seenVersion = version;
    return storedOf((change.after ?? change.before)!, version);
  }

  /** Replaces a value by one with the fields that `change` returns, or by none. */
  function replace(
    id: string,
    change: (value: Value<Fields>) => MaybePromise<Fields | null | undefined>,
    precondition: Precondition = () => true,
    signal?: AbortSignal,
  ): Promise<Stored<Fields> | null> {
    return toWrite(async (own) => {
      const [{ versionstamp: since }, row] = await read.getMany<[string, Row]>(
        [rev, keyOf(id)],
      );
      if (row.value === null) return null;
      const { value: before, versionstamp: version } = row;
      const stored = storedOf(before, version);
      // Before the precondition: a server ignores that where the response would be
      // an error without it (RFC 9110, 13.2.1).
      const fields = await callOut(() => change(stored.value));
      if (!await callOut(() => precondition(version))) {
        const message =
          `Cannot change ${word} "${id}": it is at version "${version}"`;
        throw new StoreError("version-mismatch", message, { version });
      }
      if (fields === undefined) return stored;

      const at = now();
      const after = fields && rowOf(fields, id, at, before.createdAt);
      const write = crypto.randomUUID();
      const written = { write, checks: [row], before, after, at, since };
      return await apply(written, own);
    }, signal);
  }

  /** Returns what an equal creation resolved to before. */
  function repeat(
    { value, versionstamp }: Deno.KvEntry<Creation>,
    bodyHash: string,
  ): Stored<Fields> {
    if (value.bodyHash === bodyHash) {
      return storedOf(value[word] as Row, versionstamp);
    }
    const why = "its idempotency key was used before, with another body";
    throw new StoreError("key-reused", `Cannot create the ${word}: ${why}`);
  }

  return {
    async create(fields, once, signal): Promise<Stored<Fields>> {
      const at = now();
      const id = ulid();
      const after = rowOf(fields, id, at);
      const absent = { key: keyOf(id), versionstamp: null };
      const change = { write: id, checks: [absent], before: null, after, at };
      if (!once) return await toWrite((own) => apply(change, own), signal);

      const { bodyHash } = once;
      // A key may be longer than the store takes.
      const hash = createHash("sha256").update(once.key).digest();
      const key = [...idempotency, hash];
      const creation = { key, value: { [word]: after, bodyHash, at } };
      return await toWrite(async (own) => {
        const [{ versionstamp: since }, seen] = await read.getMany<
          [string, Creation]
        >([rev, key]);
        if (seen.value && Math.abs(at - seen.value.at) < DAY_MS) {
          return repeat(seen, bodyHash);
        }
        const checks = [absent, seen];
        return await apply({ ...change, checks, since, creation }, own);
      }, signal);
    },

    get: (id) =>
      toRead(async () => {
        const { value, versionstamp } = await read.get<Row>(keyOf(id));
        return value && storedOf(value, versionstamp);
      }),

    // The row exists since the collection was opened.
    async version(): Promise<string> {
      const { versionstamp } = await toRead(() => read.get(rev));
      return seenVersion = versionstamp!;
    },

    get seenVersion(): string | undefined {
      return seenVersion;
    },

    async list(filter, range): Promise<Page<Fields>> {
      try {
        const page = await toRead(() => readPage(read, layout, filter, range));
        return page as Page<Fields>;
      } catch (error) {
        // A value that is too long for a key is in no index.
        if (error instanceof StoreError && error.code === "too-large") {
          return { items: [], next: null };
        }
        throw error;
      }
    },

    update: replace,

    async delete(id, precondition, signal): Promise<boolean> {
      return await replace(id, () => null, precondition, signal) !== null;
    },

    changes: (options) => feed.follow(options) as Promise<Changes<Fields>>,
  };
}

type MaybePromise<T> = T | Promise<T>;

/** Puts the id first, and lets no field replace what the store sets. */
function rowOf(
  fields: object,
  id: string,
  at: number,
  createdAt?: string,
): Row {
  const updatedAt = new Date(at).toISOString();
  createdAt ??= updatedAt;
  // The first id sets its place. Object.assign() made creations 6 % slower.
  return { ...{ id }, ...(fields as AnyFields), id, createdAt, updatedAt };
}

/** Calls the caller's code, and marks what it throws as its own. */
async function callOut<T>(callback: () => MaybePromise<T>): Promise<T> {
  try {
    return await callback();
  } catch (cause) {
    throw new CallerError("The callback failed", { cause });
  }
}
