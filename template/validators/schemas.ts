/**
 * The schema of one resource, written with each library.
 *
 * @module
 */

import { toStandardJsonSchema } from "@valibot/to-json-schema";
import { type } from "arktype";
import * as v from "valibot";
import { z } from "zod";
import {
  boolean,
  nullable,
  object,
  oneOf,
  type StandardSchema,
  string,
} from "../../http/schema.ts";

/** The fields of a note. */
export interface Note {
  text: string;
  color: "red" | "blue" | null;
  pinned: boolean;
}

/** The schemas by the name of their library. */
export const SCHEMAS: Record<string, StandardSchema<unknown, Note>> = {
  "this template": object({
    text: string({ min: 1, max: 500 }),
    color: nullable(oneOf(["red", "blue"]), { default: null }),
    pinned: boolean({ default: false }),
  }),
  "Zod": z.strictObject({
    text: z.string().min(1).max(500),
    color: z.enum(["red", "blue"]).nullable().default(null),
    pinned: z.boolean().default(false),
  }),
  "Valibot": toStandardJsonSchema(v.strictObject({
    text: v.pipe(v.string(), v.minLength(1), v.maxLength(500)),
    color: v.optional(v.nullable(v.picklist(["red", "blue"])), null),
    pinned: v.optional(v.boolean(), false),
  })),
  "ArkType": type({
    "+": "reject",
    text: "1 <= string <= 500",
    color: "'red' | 'blue' | null = null",
    pinned: "boolean = false",
  }),
};
