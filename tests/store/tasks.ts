/** Two collections for tests of the store. */

import type {
  Change,
  Collection,
  CollectionDeclaration,
  Database,
  Value,
} from "../../store/collection.ts";
import { type DatabaseOptions, openDatabase } from "../../store/database.ts";
import { verify } from "./verify.ts";

/** The fields of a task. */
export interface TaskFields {
  title: string;
  description: string;
  priority: "low" | "medium" | "high";
  done: boolean;
  dueOn: string | null;
}

/** A task. */
export type Task = Value<TaskFields>;

/** A change of a task. */
export type TaskChange = Change<TaskFields>;

/** The collection of tasks. */
export const TASKS = {
  name: "tasks",
  indexes: ["done", "priority", "dueOn"],
  defaults: { dueOn: null },
};

/** The fields of a note. */
export interface NoteFields {
  text: string;
  rank: number;
  at?: string | null;
}

/** The collection of notes. */
export const NOTES = {
  name: "notes",
  indexes: ["rank", "at"],
  times: ["at"],
  defaults: { at: null },
};

/** The fields of a task, with those that a test cares about. */
export function fieldsOf(fields: Partial<TaskFields> = {}): TaskFields {
  return {
    title: "Write",
    description: "",
    priority: "medium",
    done: false,
    dueOn: null,
    ...fields,
  };
}

/** Changes some fields, for `update()`. */
export function patch(
  fields: Partial<TaskFields>,
): (task: TaskFields) => TaskFields {
  return (task) => ({ ...task, ...fields });
}

/** A database that is open, and its tasks. */
export interface OpenTasks extends AsyncDisposable {
  readonly database: Database;
  readonly tasks: Collection<TaskFields>;
}

/** Opens a database and its tasks. */
export async function openTasks(
  path: string | undefined,
  options?: DatabaseOptions,
): Promise<OpenTasks> {
  const database = await openDatabase(path, options);
  const tasks = await database.collection<TaskFields>(TASKS);
  return {
    database,
    tasks,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}

/** Checks the rows of the tasks at a path. */
export async function verifyTasks(path: string): Promise<string[]> {
  return await verifyRows(path, TASKS);
}

/** Checks the rows of a collection at a path, through its own handle. */
export async function verifyRows(
  path: string,
  declaration: CollectionDeclaration,
): Promise<string[]> {
  using kv = await Deno.openKv(path);
  return await verify(kv, declaration);
}
