/**
 * Writes many changes in few operations.
 *
 * @module
 */

import { type Change, findChange, writeChanges } from "./kv_write.ts";

/** With two checks each, as many as one operation may have: a hundred. */
const MOST_TOGETHER = 50;

/** A change that waits for its turn. */
interface Waiting extends PromiseWithResolvers<string | undefined> {
  readonly change: Change;
  readonly isOver: () => boolean;
}

/**
 * Writes changes to one database.
 *
 * A file does one operation after another, and waits for the disk at the end of
 * each. So what comes in while one is under way goes into the next one together: 64
 * who create at once get their answers ten times as fast. Who comes alone waits for
 * nobody. A remote store does many operations at once, and each change is its own.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseNewTask } from "./task.ts";
 *
 * using kv = await Deno.openKv(":memory:");
 * const writer = new KvWriter(kv, true);
 * const createdAt = "2026-11-23T00:00:00.000Z";
 * const fields = parseNewTask({ title: "Write" });
 * const versions = await Promise.all(["1", "2", "3"].map((id) => {
 *   const is = { id, ...fields, createdAt, updatedAt: createdAt };
 *   const checks = [{ key: ["tasks", 1, "task", id], versionstamp: null }];
 *   const change = { write: id, checks, was: null, is, at: 0 };
 *   return writer.write(change, () => false);
 * }));
 *
 * assertEquals(new Set(versions).size, 2);
 * ```
 */
export class KvWriter {
  readonly #kv: Deno.Kv;
  readonly #inTurn: boolean;
  readonly #waiting: Waiting[] = [];
  #isWriting = false;

  /**
   * Constructs a new instance.
   *
   * @param kv The database.
   * @param inTurn Whether it does one operation after another.
   */
  constructor(kv: Deno.Kv, inTurn: boolean) {
    this.#kv = kv;
    this.#inTurn = inTurn;
  }

  /**
   * Writes a change.
   *
   * @param change What to write.
   * @param isOver Tells whether nobody waits for it any more. It is not begun then.
   * @returns The new version, or `undefined` where the change was not written: a
   * check failed, or nobody waits.
   */
  write(
    change: Change,
    isOver: () => boolean,
  ): Promise<string | undefined> {
    const waiting = {
      ...Promise.withResolvers<string | undefined>(),
      change,
      isOver,
    };
    this.#waiting.push(waiting);
    if (!this.#inTurn) this.#write(this.#takeSome());
    else if (!this.#isWriting) this.#writeAll();
    return waiting.promise;
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) await this.#write(this.#takeSome());
    this.#isWriting = false;
  }

  /**
   * Takes those who may go together. No two of them check the same row: both checks
   * would hold, and one of the changes be lost.
   */
  #takeSome(): Waiting[] {
    const taken: Waiting[] = [];
    const left: Waiting[] = [];
    const keys = new Set<string>();
    for (const waiting of this.#waiting.splice(0)) {
      if (waiting.isOver()) {
        waiting.resolve(undefined);
        continue;
      }
      const own = waiting.change.checks.map(({ key }) => String(key));
      const fits = taken.length < MOST_TOGETHER &&
        own.every((key) => !keys.has(key));
      (fits ? taken : left).push(waiting);
      for (const key of own) keys.add(key);
    }
    this.#waiting.push(...left);
    return taken;
  }

  async #write(some: readonly Waiting[]): Promise<void> {
    const [first, second] = some;
    if (first === undefined) return;
    try {
      const version = await writeChanges(
        this.#kv,
        some.map(({ change }) => change),
      );
      if (version !== undefined) {
        for (const { resolve } of some) resolve(version);
        return;
      }
      if (second === undefined) {
        return first.resolve(await findChange(this.#kv, first.change));
      }
    } catch (error) {
      if (second === undefined) return first.reject(error);
    }
    // Nothing was written. Whose check failed, or what was too much for one
    // operation, comes out in halves.
    const half = some.length >> 1;
    await this.#write(some.slice(0, half));
    await this.#write(some.slice(half));
  }
}
