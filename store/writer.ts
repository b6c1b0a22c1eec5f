/**
 * Writes many changes in few commits.
 *
 * @module
 */

import { commit, findWrite, type Write } from "./write.ts";

/** With two checks each, as many as one operation may have: a hundred. */
const MAX_TOGETHER = 50;

/** A change that waits for its turn. */
interface Waiting extends PromiseWithResolvers<string | undefined> {
  readonly write: Write;
  readonly signal: AbortSignal;
}

/**
 * Writes changes of any collection to one database.
 *
 * A file does one operation after another, and each waits for the disk. So what
 * arrives during a commit goes into the next one together: with 64 callers that is ten
 * times as fast. A single caller does not wait. A remote store does many operations
 * in parallel, so there each change is a commit.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { layoutOf } from "./layout.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const writer = new Writer(kv, true);
 * const layout = layoutOf({ name: "notes", indexes: [] });
 * const { signal } = new AbortController();
 * const versions = await Promise.all(["1", "2", "3"].map((id) => {
 *   const after = { id, createdAt: "", updatedAt: "" };
 *   const checks = [{ key: [...layout.values, id], versionstamp: null }];
 *   const write = { layout, write: id, checks, before: null, after, at: 0 };
 *   return writer.write(write, signal);
 * }));
 *
 * assertEquals(new Set(versions).size, 1);
 * ```
 */
export class Writer {
  readonly #kv: Deno.Kv;
  readonly #inTurn: boolean;
  readonly #waiting: Waiting[] = [];
  #isWriting = false;

  /**
   * Constructs a new instance.
   *
   * @param inTurn Whether it does one operation after another.
   */
  constructor(kv: Deno.Kv, inTurn: boolean) {
    this.#kv = kv;
    this.#inTurn = inTurn;
  }

  /**
   * Writes a change.
   *
   * @param signal If it has aborted, the write does not begin.
   * @returns The new version, or `undefined` if nothing was written because a check
   * failed or the signal aborted.
   */
  write(write: Write, signal: AbortSignal): Promise<string | undefined> {
    const resolvers = Promise.withResolvers<string | undefined>();
    this.#waiting.push({ ...resolvers, write, signal });
    if (!this.#inTurn) this.#commit(this.#takeSome());
    else if (!this.#isWriting) this.#commitAll();
    return resolvers.promise;
  }

  async #commitAll(): Promise<void> {
    this.#isWriting = true;
    // Callers that one commit served come back together: the next one takes them all.
    await null;
    while (this.#waiting.length > 0) await this.#commit(this.#takeSome());
    this.#isWriting = false;
  }

  /**
   * Takes those that may go together. No two of them check the same row: both checks
   * would hold, and one of the changes be lost.
   */
  #takeSome(): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const keys = new Set<string>();
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.signal.aborted) {
        waiting.resolve(undefined);
        continue;
      }
      const own = waiting.write.checks.map(({ key }) => String(key));
      const fits = taken.length < MAX_TOGETHER &&
        own.every((key) => !keys.has(key));
      (fits ? taken : left).push(waiting);
      for (const key of own) keys.add(key);
    }
    this.#waiting.push(...left);
    return taken;
  }

  async #commit(some: readonly Waiting[]): Promise<void> {
    const [first, second] = some;
    if (first === undefined) return;
    try {
      const writes = some.map(({ write }) => write);
      const version = await commit(this.#kv, writes);
      if (version !== undefined) {
        for (const { resolve } of some) resolve(version);
        return;
      }
      if (second === undefined) {
        return first.resolve(await findWrite(this.#kv, first.write));
      }
    } catch (error) {
      if (second === undefined) return first.reject(error);
    }
    // Nothing was written. Halving finds the change whose check failed, and splits
    // what was too large for one operation.
    const half = some.length >> 1;
    await this.#commit(some.slice(0, half));
    await this.#commit(some.slice(half));
  }
}
