/**
 * Writes to a store until the disk is full, removes what fills it, and continues.
 * A separate process, since a full disk can end one.
 */

import { StoreError } from "../../../store/collection.ts";
import {
  fieldsOf,
  openTasks,
  patch,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
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
await using open = await openTasks(path);
const { tasks } = open;
const description = "x".repeat(2000);
const once = (): { key: string; bodyHash: string } => ({
  key: crypto.randomUUID(),
  bodyHash: "",
});
const ids: string[] = [];
let failure: unknown;
for (let failures = 0; failures < 20;) {
  try {
    const { value } = await tasks.create(fieldsOf({ description }), once());
    ids.push(value.id);
    if (ids.length % 3 === 0) {
      await tasks.update(value.id, patch({ done: true }));
    }
  } catch (error) {
    failure ??= error;
    failures++;
  }
}
const before = ids.length;
const reads = await tasks.get(ids[0]!) !== null;
if (ballast !== undefined) await Deno.remove(ballast);
let after = 0;
for (let turn = 0; turn < 10; turn++) {
  try {
    ids.push((await tasks.create(fieldsOf(), once())).value.id);
    after++;
  } catch {
    // There still is no room.
  }
}
let lost = 0;
for (const id of ids) if (await tasks.get(id) === null) lost++;
tell(
  {
    before,
    code: failure instanceof StoreError ? failure.code : String(failure),
    cause: String((failure as Error).cause),
    reads,
    after,
    violations: await verifyTasks(path),
    lost,
  } satisfies Filled,
);
