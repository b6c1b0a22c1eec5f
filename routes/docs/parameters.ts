/**
 * The parameters that operations share.
 *
 * They have no examples: viewers fill examples in, and a made-up cursor or version
 * would make the first request fail.
 *
 * @module
 */

import { CHANGE_ID } from "../../store/collection.ts";
import { type Json, ref } from "./operation.ts";

// As http/idempotency_key.ts and http/etag.ts read them.
const KEY = String
  .raw`^(?:"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}"|[\x21\x23-\x2b\x2d-\x7e]{1,255})$`;
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const TAGS = String
  .raw`^(?:\*|[ \t,]*${TAG}(?:[ \t]*,[ \t,]*${TAG})*[ \t,]*)$`;

/**
 * Parameters by name.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Object.keys(PARAMETERS)[0], "Id");
 * ```
 */
export const PARAMETERS: Record<string, Json> = {
  Id: {
    name: "id",
    in: "path",
    required: true,
    description: "Id of the item.",
    schema: ref("schemas/Id"),
  },
  Limit: {
    name: "limit",
    in: "query",
    description: "Number of items, at most. Default: `20`.",
    schema: { type: "integer", minimum: 1, maximum: 100 },
  },
  Cursor: {
    name: "cursor",
    in: "query",
    description:
      "The `nextCursor` of the page before, with the same filters and order.",
    schema: { type: "string", minLength: 1 },
  },
  IdempotencyKey: header(
    "Idempotency-Key",
    "Your name for this creation, a new one for each: 1 to 255 ASCII characters, quoted or bare.",
    // Quoted, each character may be an escape of two.
    { minLength: 1, maxLength: 512, pattern: KEY },
  ),
  IfMatch: header(
    "If-Match",
    "One or more `ETag`s: 412 where the item has none of these versions. `*` is every version.",
    { minLength: 1, pattern: TAGS },
  ),
  IfNoneMatch: header(
    "If-None-Match",
    "One or more `ETag`s: where the item has one of these versions, GET is 304, PATCH and DELETE are 412. `*` is every version.",
    { minLength: 1, pattern: TAGS },
  ),
  LastEventId: header(
    "Last-Event-ID",
    "The `id` of the last event that you received, 20 or 22 hex digits.",
    { minLength: 20, maxLength: 22, pattern: CHANGE_ID.source },
  ),
  RequestId: header(
    "X-Request-Id",
    "Your id for the request. It is kept where it is 1 to 128 letters, digits and `_.=-`.",
    {},
  ),
};

function header(
  name: string,
  description: string,
  rule: Record<string, Json>,
): Json {
  return {
    name,
    in: "header",
    description,
    schema: { type: "string", ...rule },
  };
}
