/**
 * Writes many changes in few commits.
 *
 * @module
 */

import type { Signal } from "./call.ts";
import type { Creation, Layout, Logged, LogRow, Row } from "./layout.ts";

/** With two checks each, as many as one operation may have: a hundred. */
const MAX_TOGETHER = 50;

/**
 * A change, and what it relies on: at least one check fails once the change is applied,
 * so sending it twice applies it once. One of the two rows is not `null`.
 */
export type Write = {
  readonly layout: Layout;
  /** Names the change, so that its writer finds it again. */
  readonly write: string;
  readonly checks: readonly Deno.AtomicCheck[];
  readonly before: Row | null;
  readonly after: Row | null;
  /** When, in milliseconds since 1970. */
  readonly at: number;
  /** A version of the collection from before the change, where one is known. */
  readonly since?: string | null;
  /** What makes a creation safe to repeat. */
  readonly creation?: { readonly key: Deno.KvKey; readonly value: Creation };
};

/**
 * Writes a change. Resolves to the new version, or to `undefined` if nothing was
 * written because a check failed or the signal had aborted.
 */
export type Writer = (
  write: Write,
  signal: Signal,
) => Promise<string | undefined>;

/** A change that waits for its turn. */
interface Waiting extends PromiseWithResolvers<string | undefined> {
  readonly write: Write;
  readonly signal: Signal;
}

/**
 * Creates a function that writes changes of any collection to one database.
 *
 * A file does one operation after another, and each waits for the disk. So what
 * arrives during a commit goes into the next one together: with 64 callers that is
 * six times as fast. A single caller does not wait. A remote store does many
 * operations in parallel, so there each change is a commit.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const write = createWriter(kv, true);
 * const layout = layoutOf({ name: "notes", indexes: [] });
 * const after = { id: "7", createdAt: "", updatedAt: "" };
 * const checks = [{ key: [...layout.values, "7"], versionstamp: null }];
 * const change = { layout, write: "a", checks, before: null, after, at: 0 };
 *
 * assertEquals((await write(change, { aborted: false }))?.length, 20);
 * ```
 *
 * @param inTurn Whether the database does one operation after another.
 */
export function createWriter(kv: Deno.Kv, inTurn: boolean): Writer {
  const queue: Waiting[] = [];
  let isWriting = false;

  async function commitAll(): Promise<void> {
    isWriting = true;
    // Callers that one commit served come back together: the next one takes them all.
    await null;
    while (queue.length > 0) await commitSome(kv, takeSome(queue));
    isWriting = false;
  }

  return function write(write, signal): Promise<string | undefined> {
    const waiting = Promise.withResolvers<string | undefined>();
    queue.push({ ...waiting, write, signal });
    if (!inTurn) commitSome(kv, takeSome(queue));
    else if (!isWriting) commitAll();
    return waiting.promise;
  };
}

/**
 * Takes those that may go together. No two of them check the same row: both checks
 * would hold, and one of the changes be lost.
 */
function takeSome(queue: Waiting[]): Waiting[] {
  const taken: Waiting[] = [];
  const keys = new Set<string>();
  for (const waiting of queue.splice(0)) {
    if (waiting.signal.aborted) {
      waiting.resolve(undefined);
      continue;
    }
    const own = waiting.write.checks.map(({ key }) => String(key));
    const fits = taken.length < MAX_TOGETHER &&
      own.every((key) => !keys.has(key));
    (fits ? taken : queue).push(waiting);
    for (const key of own) keys.add(key);
  }
  return taken;
}

async function commitSome(
  kv: Deno.Kv,
  some: readonly Waiting[],
): Promise<void> {
  const [first, second] = some;
  if (first === undefined) return;
  try {
    const version = await commit(kv, some.map(({ write }) => write)) ??
      (second === undefined ? await findWrite(kv, first.write) : undefined);
    if (version !== undefined || second === undefined) {
      for (const { resolve } of some) resolve(version);
      return;
    }
  } catch (error) {
    if (second === undefined) return first.reject(error);
  }
  // Nothing was written. Halving finds the change whose check failed, and splits
  // what was too large for one operation.
  const half = some.length >> 1;
  await commitSome(kv, some.slice(0, half));
  await commitSome(kv, some.slice(half));
}

/** Writes all or none: rows of values, and a row of the log of each collection. */
async function commit(
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
 */
async function findWrite(
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
  const old = before === null ? [] : layout.keysOf(before);
  const keys = after === null ? [] : layout.keysOf(after);
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
