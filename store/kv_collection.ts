/**
 * A collection in Deno KV.
 *
 * Every write checks the rows it relies on and, by its own success, makes that check
 * fail: sending it twice applies it once. `layout.ts` lists the rows.
 *
 * @module
 */

import { type Call, CallerError } from "./call.ts";
import type { ChangeFeed } from "./change_feed.ts";
import type {
  Changes,
  ChangesOptions,
  Collection,
  Filter,
  Meta,
  Once,
  Page,
  PageRange,
  Precondition,
  Stored,
  Value,
} from "./collection.ts";
import {
  type AnyFields,
  type Creation,
  fill,
  type Layout,
  type Row,
} from "./layout.ts";
import { readPage } from "./page.ts";
import { StoreError } from "./store_error.ts";
import { createUlid, isUlid } from "./ulid.ts";
import type { Write } from "./write.ts";
import type { Writer } from "./writer.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a collection shares with the others of its database. */
export interface Parts {
  /** The keys of the collection. */
  readonly layout: Layout;
  /** The database, to read. */
  readonly kv: Deno.Kv;
  /** Writes to the database. */
  readonly writer: Writer;
  /** The changes of the collection. */
  readonly feed: ChangeFeed;
  /** Runs what reads only. */
  readonly toRead: Call;
  /** Runs what writes. */
  readonly toWrite: Call;
  /** Clock that returns milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * Creates a collection in Deno KV. `openDatabase()` calls it with the parts.
 */
export function createCollection<Fields extends object>(
  parts: Parts,
): Collection<Fields> {
  return new KvCollection(parts);
}

class KvCollection<Fields extends object> implements Collection<Fields> {
  readonly #parts: Parts;
  readonly #ulid: () => string;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#ulid = createUlid(parts.now);
  }

  async create(
    fields: Fields,
    once?: Once,
    signal?: AbortSignal,
  ): Promise<Stored<Fields>> {
    const { layout, kv, toWrite, now } = this.#parts;
    const at = now();
    const id = this.#ulid();
    const createdAt = new Date(at).toISOString();
    const after = rowOf(fields, { id, createdAt, updatedAt: createdAt });
    const absent = { key: this.#keyOf(id), versionstamp: null };
    const write = { write: id, checks: [absent], before: null, after, at };
    if (once === undefined) {
      return await toWrite(
        ({ signal }) => this.#write(write, signal),
        signal,
      );
    }

    const key = [...layout.idempotency, await sha256(once.key)];
    const { bodyHash } = once;
    const creation = { key, value: { [layout.word]: after, bodyHash, at } };
    return await toWrite(async ({ signal }) => {
      const [rev, seen] = await kv.getMany<[string, Creation]>(
        [layout.rev, key],
      );
      if (seen.value && at - seen.value.at < DAY_MS) {
        return this.#repeat(seen, once);
      }
      const checks = [absent, seen];
      const since = rev.versionstamp;
      return await this.#write({ ...write, checks, since, creation }, signal);
    }, signal);
  }

  async get(id: string): Promise<Stored<Fields> | null> {
    const { kv, toRead } = this.#parts;
    return await toRead(async () => {
      const row = await kv.get<Row>(this.#keyOf(id));
      return row.value && this.#stored(row.value, row.versionstamp);
    });
  }

  async list(filter: Filter, range: PageRange): Promise<Page<Fields>> {
    const { layout, kv, toRead } = this.#parts;
    try {
      const page = await toRead(() => readPage(kv, layout, filter, range));
      return page as Page<Fields>;
    } catch (error) {
      const isTooLarge = error instanceof StoreError &&
        error.code === "too-large";
      // A value that is too long for a key is in no index.
      if (isTooLarge) return { items: [], next: null };
      throw error;
    }
  }

  async update(
    id: string,
    change: (
      value: Value<Fields>,
    ) => Fields | undefined | Promise<Fields | undefined>,
    precondition?: Precondition,
    signal?: AbortSignal,
  ): Promise<Stored<Fields> | null> {
    const { now, toWrite } = this.#parts;
    return await toWrite(async ({ signal }) => {
      const [row, base] = await this.#readToWrite(id);
      if (row === null) return null;
      const stored = this.#stored(row.value, row.versionstamp);
      // Before the precondition: a server ignores that where the response would be
      // an error without it (RFC 9110, 13.2.1).
      const fields = await callOut(() => change(stored.value));
      await this.#check(stored, precondition);
      if (fields === undefined) return stored;

      const at = now();
      const { createdAt } = row.value;
      const meta = { id, createdAt, updatedAt: new Date(at).toISOString() };
      const after = rowOf(fields, meta);
      return await this.#write({ ...base, after, at }, signal);
    }, signal);
  }

  async delete(
    id: string,
    precondition?: Precondition,
    signal?: AbortSignal,
  ): Promise<boolean> {
    const { layout, writer, now, toWrite } = this.#parts;
    return await toWrite(async ({ signal }) => {
      const [row, base] = await this.#readToWrite(id);
      if (row === null) return false;
      await this.#check(
        { value: row.value, version: row.versionstamp },
        precondition,
      );
      const write = { layout, ...base, after: null, at: now() };
      const version = await writer.write(write, signal);
      return version === undefined ? undefined : true;
    }, signal);
  }

  async changes(options: ChangesOptions): Promise<Changes<Fields>> {
    return await this.#parts.feed.follow(options) as Changes<Fields>;
  }

  async #readToWrite(
    id: string,
  ): Promise<
    | [Deno.KvEntry<Row>, Pick<Write, "write" | "checks" | "before" | "since">]
    | [null]
  > {
    const { layout, kv } = this.#parts;
    const [rev, row] = await kv.getMany<[string, Row]>(
      [layout.rev, this.#keyOf(id)],
    );
    if (row.value === null) return [null];
    const write = crypto.randomUUID();
    const since = rev.versionstamp;
    return [row, { write, checks: [row], before: row.value, since }];
  }

  async #check(
    { value: { id }, version }: { value: { id: string }; version: string },
    precondition: Precondition = () => true,
  ): Promise<void> {
    if (await callOut(() => precondition(version))) return;
    const { word } = this.#parts.layout;
    throw new StoreError(
      "version-mismatch",
      `Cannot change ${word} "${id}": it is at version "${version}"`,
      { version },
    );
  }

  async #write(
    write: Omit<Write, "layout"> & { after: Row },
    signal: AbortSignal,
  ): Promise<Stored<Fields> | undefined> {
    const { layout, writer } = this.#parts;
    const version = await writer.write({ layout, ...write }, signal);
    return version === undefined
      ? undefined
      : this.#stored(write.after, version);
  }

  #repeat(
    { value, versionstamp }: Deno.KvEntry<Creation>,
    { bodyHash }: Once,
  ): Stored<Fields> {
    const { word } = this.#parts.layout;
    if (value.bodyHash === bodyHash) {
      return this.#stored(value[word] as Row, versionstamp);
    }
    const why = "its idempotency key was used before, with another body";
    throw new StoreError("key-reused", `Cannot create the ${word}: ${why}`);
  }

  #stored(row: Row, version: string): Stored<Fields> {
    const value = fill(this.#parts.layout, row) as Value<Fields>;
    return { value, version };
  }

  // A string that is no id may be too long for a key. No row has this shorter key.
  #keyOf(id: string): Deno.KvKey {
    const { values } = this.#parts.layout;
    return isUlid(id) ? [...values, id] : values;
  }
}

/** Puts the id first, and lets no field replace what the store sets. */
function rowOf(fields: object, meta: Meta): Row {
  const { id, createdAt, updatedAt } = meta;
  // The first id sets its place. Object.assign() made creations 6 % slower.
  return { ...{ id }, ...(fields as AnyFields), id, createdAt, updatedAt };
}

/** Calls the caller's code, and marks what it throws as its own. */
async function callOut<T>(callback: () => T | Promise<T>): Promise<T> {
  try {
    return await callback();
  } catch (cause) {
    throw new CallerError("The callback failed", { cause });
  }
}

async function sha256(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
