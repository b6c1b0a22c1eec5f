/**
 * The rows of a collection in Deno KV, here of `tasks` with an index of `done`.
 *
 * | key                                       | value                                |
 * | ----------------------------------------- | ------------------------------------ |
 * | `"tasks", 1, "task", id`                  | the value                            |
 * | `"tasks", 1, "done", value.done, id`      | a copy, one for each index           |
 * | `"tasks", 1, "idempotency", sha256(key)`  | {@linkcode Creation}                 |
 * | `"tasks", 1, "log", versionstamp`         | {@linkcode LogRow}, for each commit  |
 * | `"tasks", 1, "rev"`                       | the last change: the one watched key |
 * | `"tasks", 1, "indexes"`                   | {@linkcode IndexRecord}              |
 *
 * All rows of a change are written in one atomic operation, so the versionstamp of the
 * value's own row is its version and names the change. An index holds copies, not ids:
 * a page is one read of one snapshot. The number is the version of this layout.
 *
 * @module
 */

import type { CollectionDeclaration, Indexed, Value } from "./collection.ts";

/** The fields of a collection whatever they are. */
export type AnyFields = Readonly<Record<string, unknown>>;

/** A row as it is stored: fields that were added later may be missing. */
export type Row = Value<AnyFields>;

/** A creation that may be repeated. Its row is in a member named after its kind. */
export type Creation = {
  readonly [word: string]: unknown;
  readonly bodyHash: string;
  /** When, in milliseconds since 1970. */
  readonly at: number;
};

/**
 * A change in the log: `write` is the name by which its writer finds it again; the row,
 * or the id of a deleted one, is in a member named after its kind (`task`, `taskId`).
 */
export type Logged = {
  readonly [word: string]: unknown;
  readonly write: string;
  readonly event: "created" | "updated" | "deleted";
};

/** A row of the log: what one commit changed. The first row of all has no changes. */
export type LogRow = {
  readonly changes: readonly Logged[];
  /** When, in milliseconds since 1970. */
  readonly at: number;
};

/** Which indexes there are, and what their keys are made of. */
export type IndexRecord = Readonly<
  Record<string, {
    readonly default: Indexed;
    readonly isTime?: boolean;
    readonly isComplete: boolean;
  }>
>;

/** A declaration, and the keys of its collection. */
export type Layout = Required<CollectionDeclaration> & {
  /** What one value is called in keys and in the log: `task`, or `item`. */
  readonly word: string;
  /** What every key begins with. */
  readonly space: Deno.KvKey;
  readonly values: Deno.KvKey;
  readonly idempotency: Deno.KvKey;
  /** The changes, oldest first. The newest row is never removed. */
  readonly log: Deno.KvKey;
  readonly rev: Deno.KvKey;
  readonly indexRecord: Deno.KvKey;
  /** Lists the keys that hold a value: its own, then one in each index. */
  readonly keysOf: (row: Row) => Deno.KvKey[];
  /**
   * Converts a value to a part of the keys of its index, which are in the order of the
   * values. A missing one counts as `null`, which comes first.
   */
  readonly keyPart: (
    index: string,
    value: Indexed | undefined,
  ) => Deno.KvKeyPart;
  /** Adds the fields that a row lacks, with their defaults. A full row stays the same. */
  readonly fill: (row: Row) => Row;
};

/**
 * Returns the keys of a collection.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { log, keysOf } = layoutOf({ name: "notes", indexes: ["by"] });
 * const row = { id: "7", by: "Ada", createdAt: "", updatedAt: "" };
 *
 * assertEquals(log, ["notes", 1, "log"]);
 * assertEquals(keysOf(row)[1], ["notes", 1, "by", "Ada", "7"]);
 * ```
 *
 * @throws {TypeError} If an index has the name of another kind of row.
 */
export function layoutOf(
  { name, indexes, times = [], defaults = {} }: CollectionDeclaration,
): Layout {
  const singular = name.replace(/s$/, "");
  const word = TAKEN.includes(singular) ? "item" : singular;
  const taken = [word, "idempotency", "log", "rev", "indexes"];
  const clash = indexes.find((index) => taken.includes(index));
  if (clash !== undefined) {
    throw new TypeError(
      `Cannot index "${clash}" of "${name}": the store uses that name itself, rename the field or leave out the index`,
    );
  }
  const space = [name, 1];
  const values = [...space, word];

  function keysOf(row: Row): Deno.KvKey[] {
    const filled = fill(row);
    return [
      [...values, row.id],
      ...indexes.map((index) => [
        ...space,
        index,
        keyPart(index, filled[index] as Indexed | undefined),
        row.id,
      ]),
    ];
  }

  function keyPart(
    index: string,
    value: Indexed | undefined,
  ): Deno.KvKeyPart {
    if (typeof value === "string" && times.includes(index)) {
      return Date.parse(value);
    }
    // Adding 0 makes 0 of -0: they are equal, but would be two keys.
    return typeof value === "number" ? value + 0 : value ?? NULL;
  }

  function fill(row: Row): Row {
    let missing: AnyFields | undefined;
    for (const name in defaults) {
      // Every row that is read comes through here. Object.hasOwn() takes four times as
      // long; a function is not of the row, but of its prototype.
      if (row[name] === undefined || typeof row[name] === "function") {
        missing = { ...missing, [name]: defaults[name] };
      }
    }
    if (missing === undefined) return row;
    const { id, createdAt, updatedAt, ...fields } = row;
    return { id, ...fields, ...missing, createdAt, updatedAt };
  }

  return {
    name,
    indexes,
    times,
    defaults,
    word,
    space,
    values,
    idempotency: [...space, "idempotency"],
    log: [...space, "log"],
    rev: [...space, "rev"],
    indexRecord: [...space, "indexes"],
    keysOf,
    keyPart,
    fill,
  };
}

// Values of "logs" would be among its changes, those of "events" in place of the event.
const TAKEN = ["idempotency", "log", "rev", "indexes", "write", "event", "at"];

// A key cannot hold null. No field has bytes as its value, so these are free.
const NULL = new Uint8Array();
