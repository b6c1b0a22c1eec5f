/**
 * Describes what path, query and headers of the Task Manager carry.
 *
 * @module
 */

import { type Json, ref } from "../docs/operation.ts";
import { CHANGE_ID } from "./store.ts";

// As http/idempotency_key.ts and http/etag.ts read them.
const KEY = String
  .raw`^(?:"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}"|[\x21\x23-\x2b\x2d-\x7e]{1,255})$`;
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const TAGS = String
  .raw`^(?:\*|[ \t,]*${TAG}(?:[ \t]*,[ \t,]*${TAG})*[ \t,]*)$`;

/**
 * The parameters of the Task Manager, by name.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Object.keys(TASK_PARAMETERS)[0], "Id");
 * ```
 */
export const TASK_PARAMETERS: Record<string, Json> = {
  Id: {
    name: "id",
    in: "path",
    required: true,
    description: "Which task.",
    schema: ref("schemas/Id"),
    example: "01JD4Z3W6Q8R9TB2CVN5XKYM7P",
  },
  Done: query(
    "done",
    { type: "boolean" },
    "Only the done, or only the others.",
    false,
  ),
  Priority: query(
    "priority",
    ref("schemas/Priority"),
    "Only those of this priority.",
    "high",
  ),
  Limit: query(
    "limit",
    { type: "integer", minimum: 1, maximum: 100, default: 20 },
    "How many tasks, at most.",
    50,
  ),
  Cursor: query(
    "cursor",
    { type: "string", minLength: 1 },
    "As it stands in `next`. It goes with the filters that it came with.",
    "MDFKRDRaM1c2UThSOVRCMkNWTjVYS1lNN1AuLg",
  ),
  IdempotencyKey: header(
    "Idempotency-Key",
    "Your name for this creation, new for each: 1 to 255 characters of ASCII, quoted or bare.",
    // Quoted, each character may be an escape of two.
    { minLength: 1, maxLength: 512, pattern: KEY },
    '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
  ),
  IfMatch: header(
    "If-Match",
    "An `ETag` that you got, or several: 412 where the task is at none of these versions. `*` is every version.",
    { minLength: 1, pattern: TAGS },
    '"00000000000000a30000"',
  ),
  IfNoneMatch: header(
    "If-None-Match",
    "An `ETag` that you got, or several: where the task is at one of these versions, GET answers 304, PATCH and DELETE 412. `*` is every version.",
    { minLength: 1, pattern: TAGS },
    '"00000000000000a30000"',
  ),
  LastEventId: header(
    "Last-Event-ID",
    "The `id` of the last event that you saw, 20 or 22 hex digits.",
    { minLength: 20, maxLength: 22, pattern: CHANGE_ID.source },
    "00000000000000a30000",
  ),
};

function query(
  name: string,
  schema: Json,
  description: string,
  example: Json,
): Json {
  return { name, in: "query", description, schema, example };
}

function header(
  name: string,
  description: string,
  rule: Record<string, Json>,
  example: string,
): Json {
  const schema = { type: "string", ...rule };
  return { name, in: "header", description, schema, example };
}
