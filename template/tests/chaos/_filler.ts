/**
 * Writes to a store until the disk is full, removes what fills it, and goes on.
 * In a process of its own, since a full disk can end one.
 */

import { openTaskStore } from "../../../routes/tasks/kv_store.ts";
import { StoreError } from "../../../routes/tasks/store.ts";
import { fieldsOf } from "../../../tests/routes/tasks/store_contract.ts";
import { tell } from "./_tell.ts";

/** What happened. */
export interface Filled {
  /** How many writes succeeded before one failed. */
  before: number;
  /** With what the first one failed. */
  code: string;
  /** What it was. */
  cause: string;
  /** Whether a read succeeded all the same. */
  reads: boolean;
  /** How many of ten writes succeeded when there was room again. */
  after: number;
  /** What is wrong in the end. */
  violations: readonly string[];
  /** How many acknowledged tasks are missing. */
  lost: number;
}

const [path = "", ballast] = Deno.args;
await using store = await openTaskStore({ path });
const description = "x".repeat(2000);
const once = (): { key: string; bodyHash: string } => ({
  key: crypto.randomUUID(),
  bodyHash: "",
});
const ids: string[] = [];
let failure: unknown;
for (let failures = 0; failures < 20;) {
  try {
    const { task } = await store.create(fieldsOf({ description }), once());
    ids.push(task.id);
    if (ids.length % 3 === 0) await store.update(task.id, { done: true });
  } catch (error) {
    failure ??= error;
    failures++;
  }
}
const before = ids.length;
const reads = await store.get(ids[0]!) !== null;
if (ballast !== undefined) await Deno.remove(ballast);
let after = 0;
for (let turn = 0; turn < 10; turn++) {
  try {
    ids.push((await store.create(fieldsOf(), once())).task.id);
    after++;
  } catch {
    // There still is no room.
  }
}
let lost = 0;
for (const id of ids) if (await store.get(id) === null) lost++;
tell(
  {
    before,
    code: failure instanceof StoreError ? failure.code : String(failure),
    cause: String((failure as Error).cause),
    reads,
    after,
    violations: await store.verify(),
    lost,
  } satisfies Filled,
);
