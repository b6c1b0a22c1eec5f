/**
 * Opens, checks, reads and writes stores, and reports each in a line of JSON.
 * A separate process, since a damaged file can end one.
 */

import type { Position } from "../../../store/collection.ts";
import {
  fieldsOf,
  openTasks,
  patch,
  type Task,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
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
  let open;
  try {
    open = await openTasks(path, { timeoutMs: 5000 });
  } catch (error) {
    return { path, refused: String(error) };
  }
  await using opened = open;
  const { database, tasks: stored } = opened;
  try {
    const violations = await verifyTasks(path);
    const tasks: Task[] = [];
    let after: Position | undefined;
    do {
      const page = await stored.list({}, { limit: 100, after });
      tasks.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    const { value: { id } } = await stored.create(fieldsOf());
    await stored.update(id, patch({ done: true }));
    await stored.delete(id);
    await database.sweep();
    return { path, violations, tasks: JSON.stringify(tasks) };
  } catch (error) {
    return { path, failed: String(error) };
  }
}

if (import.meta.main) {
  for (const path of Deno.args) tell(await probe(path));
}
