/**
 * Writes changes, in one atomic operation.
 *
 * @module
 */

import {
  type Creation,
  keysOf,
  type Layout,
  type Logged,
  type LogRow,
  type Row,
} from "./layout.ts";

/** A change, and what it relies on. */
export interface Write {
  /** The collection. */
  readonly layout: Layout;
  /** Names the change, so that its writer finds it again. */
  readonly write: string;
  /**
   * Rows that must not have changed. At least one check fails once the change is
   * applied, so sending it twice applies it once.
   */
  readonly checks: readonly Deno.AtomicCheck[];
  /** The row before the change. One of both is not `null`. */
  readonly before: Row | null;
  /** The row after the change. */
  readonly after: Row | null;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** A version of the collection from before the change, where one is known. */
  readonly since?: string | null;
  /** What makes a creation safe to repeat. */
  readonly creation?: { readonly key: Deno.KvKey; readonly value: Creation };
}

/**
 * Writes changes, all or none: the rows of the values, and for each collection among
 * them one row of its log and its last change. No two may be of the same value.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const layout = layoutOf({ name: "notes", indexes: [] });
 * const after = { id: "7", text: "Hi", createdAt: "", updatedAt: "" };
 * const checks = [{ key: [...layout.values, "7"], versionstamp: null }];
 * const write = { layout, write: "a", checks, before: null, after, at: 0 };
 *
 * assertEquals((await commit(kv, [write]))?.length, 20);
 * assertEquals(await commit(kv, [write]), undefined);
 * ```
 *
 * @param writes The changes, at least one.
 * @returns The new version, or `undefined` if a check failed.
 */
export async function commit(
  kv: Deno.Kv,
  writes: readonly Write[],
): Promise<string | undefined> {
  const atomic = kv.atomic();
  for (const write of writes) addRows(atomic, write);
  for (const some of Map.groupBy(writes, ({ layout }) => layout).values()) {
    const { layout: { log, rev }, at, write } = some.at(-1)!;
    const row: LogRow = { changes: some.map(describe), at };
    atomic.set([...log, kv.commitVersionstamp()], row).set(rev, write);
  }
  const result = await atomic.commit();
  return result.ok ? result.versionstamp : undefined;
}

/**
 * Finds a change in the log. A remote store resends a write whose response was lost:
 * its check then fails because of the very write that it belongs to.
 *
 * @returns The version that it made, or `undefined` if it was not written.
 */
export async function findWrite(
  kv: Deno.Kv,
  { layout: { log }, write, since }: Write,
): Promise<string | undefined> {
  const rows = kv.list<LogRow>(
    { prefix: log, start: [...log, since ?? ""] },
    { reverse: true },
  );
  for await (const { value, versionstamp } of rows) {
    if (value.changes.some((change) => change.write === write)) {
      return versionstamp;
    }
  }
}

function addRows(
  atomic: Deno.AtomicOperation,
  { layout, checks, before, after, creation }: Write,
): void {
  const old = before === null ? [] : keysOf(layout, before);
  const keys = after === null ? [] : keysOf(layout, after);
  atomic.check(...checks);
  for (const [place, key] of old.entries()) {
    // Keys at one place differ in what is indexed only. Most stay the same.
    if (key.at(-2) !== keys[place]?.at(-2)) atomic.delete(key);
  }
  for (const key of keys) atomic.set(key, after);
  if (creation) atomic.set(creation.key, creation.value);
}

function describe({ layout: { word }, write, before, after }: Write): Logged {
  if (after === null) {
    return { write, event: "deleted", [`${word}Id`]: before!.id };
  }
  const event = before === null ? "created" : "updated";
  return { write, event, [word]: after };
}
