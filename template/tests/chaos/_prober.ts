/**
 * Opens, checks, reads and writes stores, and tells of each in a line of JSON.
 * In a process of its own, since a damaged file can end one.
 */

import { openTaskStore } from "../../../routes/tasks/kv_store.ts";
import type { Task } from "../../../routes/tasks/task.ts";
import { fieldsOf } from "../../../tests/routes/tasks/store_contract.ts";
import { tell } from "./_tell.ts";

/** What came of a store. */
export interface Probe {
  /** Where the store is. */
  path: string;
  /** Why it could not be opened. */
  refused?: string;
  /** What is wrong with its rows. */
  violations?: readonly string[];
  /** The tasks that it gave, as one text. */
  tasks?: string;
  /** Why it could not be used. */
  failed?: string;
}

async function probe(path: string): Promise<Probe> {
  let store;
  try {
    store = await openTaskStore({ path, timeoutMs: 5000 });
  } catch (error) {
    return { path, refused: String(error) };
  }
  await using opened = store;
  try {
    const violations = await opened.verify();
    const tasks: Task[] = [];
    let before: string | undefined;
    do {
      const page = await opened.list({}, { limit: 100, before });
      tasks.push(...page.items);
      before = page.next ?? undefined;
    } while (before !== undefined);
    const { task } = await opened.create(fieldsOf());
    await opened.update(task.id, { done: true });
    await opened.delete(task.id);
    await opened.sweep();
    return { path, violations, tasks: JSON.stringify(tasks) };
  } catch (error) {
    return { path, failed: String(error) };
  }
}

if (import.meta.main) {
  for (const path of Deno.args) tell(await probe(path));
}
