/**
 * What routes use of a store: interfaces, and the error. Another engine replaces
 * Deno KV by implementing them and passing `tests/store/contract.ts`.
 *
 * @module
 */

/** A value that an index can hold. */
export type Indexed = string | number | boolean | null;

/** A stored value. Its members are in this order: id, fields, createdAt, updatedAt. */
export type Value<Fields> = Fields & {
  /** ULID, 26 characters: sorts by the time of creation. */
  readonly id: string;
  /** When the value was created: RFC 3339, UTC. */
  readonly createdAt: string;
  /** When the value was last changed: RFC 3339, UTC. */
  readonly updatedAt: string;
};

/** A value, and the version it is stored at. */
export interface Stored<Fields> {
  /** The value. */
  readonly value: Value<Fields>;
  /** Version: 20 hex digits that grow with every write to the database. */
  readonly version: string;
}

/** Where a page ends: its last value, which may be changed or deleted meanwhile. */
export interface Position {
  /** Id of the value. */
  readonly id: string;
  /** What it has in the index that orders the list. */
  readonly value?: Indexed | undefined;
}

/** Part of a list. */
export interface Page<Fields> {
  /** The values. A page may be shorter than its limit and still have a next one. */
  readonly items: readonly Value<Fields>[];
  /** What to pass as `after` for the next page; `null` on the last one. */
  readonly next: Position | null;
}

/** The order of an index: equal values in that of their ids, and `null` last. */
export interface Order {
  /** Name of the index. */
  readonly index: string;
  /** Whether the largest value and the newest id come first. */
  readonly descending?: boolean;
}

/** Which part of a list to read. */
export interface PageRange {
  /** How many values, at most. */
  readonly limit: number;
  /** Where the page before ended. */
  readonly after?: Position | undefined;
  /** The order. Without one, newest first. */
  readonly order?: Order | undefined;
}

/** Values from one to another, both included. `null` is within none. */
export interface Range {
  /** The smallest value. */
  readonly from?: Indexed | undefined;
  /** The largest value. */
  readonly to?: Indexed | undefined;
}

/** For each index, the value or the range that items must have. All must match. */
export type Filter = Readonly<Record<string, Indexed | Range>>;

/** What makes a creation safe to repeat. */
export interface Once {
  /** The client's name for the creation. */
  readonly key: string;
  /** Hash of the request body, so that another body under the same key is found. */
  readonly bodyHash: string;
}

/** Returns whether a version is one that the caller wants to change. */
export type Precondition = (version: string) => boolean;

/**
 * One change. Its `id` begins with the version that the change gave the value; pass
 * it as `after` to continue behind it. `reset` means that the log no longer reaches
 * back to `after`: list again.
 */
export type Change<Fields> =
  & { readonly id: string }
  & (
    | { readonly event: "created" | "updated"; readonly value: Value<Fields> }
    | { readonly event: "deleted"; readonly valueId: string }
    | { readonly event: "reset" }
  );

/**
 * The form of a {@linkcode Change}'s id: a version, then its place among the changes
 * that were committed together, unless it is the first.
 */
export const CHANGE_ID = /^[0-9a-f]{20}(?:[0-9a-f]{2})?$/;

/** Changes in order, each once, until the signal aborts or the database closes. */
export interface Changes<Fields> extends AsyncIterable<Change<Fields>> {
  /** Id of the last change before these: what to pass as `after` if none arrives. */
  readonly from: string;
}

/** Options for {@linkcode Collection.changes}. */
export interface ChangesOptions {
  /** Id of the last change that the caller has. Without it: only later changes. */
  readonly after?: string | undefined;
  /** Ends the iteration, without an error. */
  readonly signal: AbortSignal;
}

/**
 * Values of one kind.
 *
 * Every method rejects with a `StoreError` where the store does not respond in time,
 * or as its code says. No write begins after its `signal` has aborted.
 */
export interface Collection<Fields extends object> {
  /**
   * Stores a new value. With `once`, the same key and hash within 24 hours resolve
   * to the first result, whatever happened to the value since, and store nothing.
   */
  create(
    fields: Fields,
    once?: Once,
    signal?: AbortSignal,
  ): Promise<Stored<Fields>>;
  /** Reads a value; `null` if there is none. */
  get(id: string): Promise<Stored<Fields> | null>;
  /** Reads the version of the last change. Every list that is read later has it. */
  version(): Promise<string>;
  /**
   * The newest version that was read or written here, without a read: that of the last
   * change, unless another process made it.
   */
  readonly seenVersion: string | undefined;
  /** Reads a page of values. */
  list(filter: Filter, range: PageRange): Promise<Page<Fields>>;
  /**
   * Calls `change` with the stored value and stores the fields that it returns, or
   * resolves to `null` if there is no such value. Calls it again where another writer
   * was faster. If it returns `undefined`, nothing is written and the version stays.
   * What it throws rejects the call unchanged. The precondition is checked after it.
   */
  update(
    id: string,
    change: (
      value: Value<Fields>,
    ) => Fields | undefined | Promise<Fields | undefined>,
    precondition?: Precondition,
    signal?: AbortSignal,
  ): Promise<Stored<Fields> | null>;
  /** Deletes a value. Resolves to whether it existed. */
  delete(
    id: string,
    precondition?: Precondition,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** Follows the changes. None is missed from the moment that it resolves. */
  changes(options: ChangesOptions): Promise<Changes<Fields>>;
}

/** What a database needs to know of a collection. */
export interface CollectionDeclaration {
  /** First part of each key, and the path: `tasks`. */
  readonly name: string;
  /** Fields that {@linkcode Collection.list} can filter by. */
  readonly indexes: readonly string[];
  /** Those of them that are in the order of time, not of text: RFC 3339. */
  readonly times?: readonly string[];
  /** Values of fields that stored rows may lack, because the field was added later. */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

/** Collections in one place. */
export interface Database extends AsyncDisposable {
  /**
   * Opens a collection, and builds those of its indexes that are missing. For the same
   * declaration it resolves to the same collection.
   */
  collection<Fields extends object>(
    declaration: CollectionDeclaration,
  ): Promise<Collection<Fields>>;
  /** Resolves if the database can be read. */
  ping(): Promise<void>;
  /**
   * Removes idempotency keys and changes older than a day, in every collection that
   * is open. Resolves to how many rows it removed.
   */
  sweep(): Promise<number>;
}

/**
 * Why the store rejected a call:
 *
 * - `conflict`: other writers were faster on every retry;
 * - `version-mismatch`: the precondition did not hold for {@linkcode StoreError.version};
 * - `key-reused`: the idempotency key was used before, with another body;
 * - `too-large`: the value, or a key made of it, is larger than the store takes;
 * - `unavailable`: the call timed out, or the disk, the network or the file failed.
 */
export type StoreErrorCode =
  | "conflict"
  | "version-mismatch"
  | "key-reused"
  | "too-large"
  | "unavailable";

/**
 * An error of the store, with a code that callers can match.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new StoreError("conflict", "Others were faster");
 *
 * assertEquals(error.code, "conflict");
 * ```
 */
export class StoreError extends Error {
  /** Name of the class. */
  override readonly name = "StoreError";
  /** Why the call was rejected. */
  readonly code: StoreErrorCode;
  /** Version of the stored value, where `code` is `version-mismatch`. */
  readonly version: string | undefined;

  /** Constructs a new instance. */
  constructor(
    code: StoreErrorCode,
    message: string,
    options: ErrorOptions & { version?: string } = {},
  ) {
    super(message, options);
    this.code = code;
    this.version = options.version;
  }
}
