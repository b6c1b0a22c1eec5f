/** Creates and reads tasks over HTTP, for tests. */

import { assertEquals } from "@std/assert";
import type { Infer } from "../http/schema.ts";
import type { tasks } from "../routes/tasks.ts";
import type { Value } from "../store/collection.ts";
import type { TestApp } from "./app.ts";

/** The fields of a task. */
export type TaskFields = Infer<typeof tasks.schema>;
/** A task as the API sends it. */
export type Task = Value<TaskFields>;

/** The path of no task. */
export const NOWHERE = "/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P";
/** What a task has that was created with a title alone. */
export const DEFAULTS: TaskFields = {
  title: "Write",
  description: "",
  priority: "medium",
  done: false,
  dueOn: null,
};

/** What the fields must be, in the words of the API. */
export const TITLE = "Must be a string of 1 to 100 characters";
export const PRIORITY = 'Must be "low", "medium" or "high"';
export const DONE = "Must be true or false";
export const DUE = "Must be null or a date that exists, such as 2026-02-28";

/** A task that was created, its path and its tag. */
export interface Created {
  task: Task;
  path: string;
  tag: string;
}

/** Creates a task. */
export async function create(
  app: TestApp,
  fields: Partial<TaskFields> = {},
): Promise<Created> {
  const response = await app.send("POST", "/tasks", {
    title: "Write",
    ...fields,
  });
  assertEquals(response.status, 201);
  return {
    task: await response.json(),
    path: response.headers.get("Location")!,
    tag: response.headers.get("ETag")!,
  };
}

/** Reads what a path has. */
export async function read<T = Task>(app: TestApp, path: string): Promise<T> {
  const response = await app.fetch(path);
  assertEquals(response.status, 200, path);
  return await response.json();
}
