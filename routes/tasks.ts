/**
 * The example: a list of tasks. Delete this file and its two places in main.ts, and
 * the example is gone.
 *
 * @module
 */

import {
  boolean,
  date,
  nullable,
  object,
  oneOf,
  string,
} from "../http/schema.ts";
import { resource } from "./resource.ts";

/** Tasks, with everything that a client may set. */
export const tasks = resource({
  name: "tasks",
  title: "Task",
  description: "What there is to do.",
  schema: object({
    title: string({
      trim: true,
      min: 1,
      max: 100,
      description: "What is to be done.",
      examples: ["Water the plants"],
    }),
    description: string({ max: 2000, default: "" }),
    priority: oneOf(["low", "medium", "high"], { default: "medium" }),
    done: boolean({ default: false }),
    dueOn: nullable(date(), { default: null }),
  }),
  indexes: ["done", "priority", "dueOn"],
});
