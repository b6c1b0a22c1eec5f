/**
 * Validates the body of a new task: with the template's schema, with the parser by
 * hand that it replaced, and with the same schema of other libraries.
 *
 * @module
 */

import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import { tasks } from "../../routes/tasks.ts";
import { parseNewTask } from "./by_hand.ts";

const BODY = { title: "Write the report", priority: "high" };

const ZOD = z.strictObject({
  title: z.string().trim().min(1).max(100),
  description: z.string().max(2000).default(""),
  priority: z.enum(["low", "medium", "high"]).default("medium"),
  done: z.boolean().default(false),
  dueOn: z.iso.date().nullable().default(null),
});
const VALIBOT = v.strictObject({
  title: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(100)),
  description: v.optional(v.pipe(v.string(), v.maxLength(2000)), ""),
  priority: v.optional(v.picklist(["low", "medium", "high"]), "medium"),
  done: v.optional(v.boolean(), false),
  dueOn: v.optional(v.nullable(v.pipe(v.string(), v.isoDate())), null),
});
const ARKTYPE = type({
  "+": "reject",
  title: "string.trim |> 1 <= string <= 100",
  description: "string <= 2000 = ''",
  priority: "'low' | 'medium' | 'high' = 'medium'",
  done: "boolean = false",
  dueOn: "string.date.iso | null = null",
});

const options = { group: "a valid body" };
const { validate } = tasks.schema["~standard"];

Deno.bench("by hand", { ...options, baseline: true }, () => {
  parseNewTask(BODY);
});
Deno.bench("http/schema.ts", options, () => {
  validate(BODY);
});
Deno.bench("Zod", options, () => {
  ZOD.safeParse(BODY);
});
Deno.bench("Valibot", options, () => {
  v.safeParse(VALIBOT, BODY);
});
Deno.bench("ArkType", options, () => {
  ARKTYPE(BODY);
});
