/**
 * What operations share: schemas, parameters, headers and examples of problems.
 *
 * @module
 */

import { ENTITY_TAGS } from "../../http/etag.ts";
import { IDEMPOTENCY_KEY } from "../../http/idempotency_key.ts";
import { PATCH_TYPES } from "../../http/json_body.ts";
import { MAX_ISSUES } from "../../http/problem.ts";
import { PROBLEM_TYPES } from "../../http/problem_types.ts";
import { CHANGE_ID } from "../../store/collection.ts";

/** Components by kind, then by name. */
export type Components = Record<string, Record<string, object>>;

/** Name of a parameter that operations share. */
export type ParameterName = keyof typeof PARAMETERS;

/** Name of a response header. */
export type HeaderName = keyof typeof HEADERS;

/**
 * Refers to a component.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ref("schemas/Task"), { $ref: "#/components/schemas/Task" });
 * ```
 */
export function ref(path: string): { $ref: string } {
  return { $ref: `#/components/${path}` };
}

const TEXT = { type: "string" };

const text = (description: string): object => ({ ...TEXT, description });

const PROBLEM_TYPE = {
  type: {
    ...text("Address of the page about this type of problem."),
    format: "uri-reference",
  },
  title: text("The same for every occurrence."),
  status: { type: "integer", minimum: 400, maximum: 599 },
};

const SCHEMAS = {
  Id: {
    ...text("ULID: sorts by the time of creation."),
    pattern: "^[0-7][0-9A-HJKMNP-TV-Z]{25}$",
  },
  ProblemType: {
    type: "object",
    description: "What all problems of one type have in common.",
    required: ["type", "title", "status", "cause", "cure"],
    properties: {
      ...PROBLEM_TYPE,
      cause: text("Why it happens."),
      cure: text("What a client does about it."),
    },
  },
  Problem: {
    type: "object",
    description: "Why a request failed.",
    required: ["type", "title", "status", "detail", "requestId"],
    properties: {
      ...PROBLEM_TYPE,
      detail: text("What went wrong this time."),
      requestId: text("Quote it to the operator."),
      errors: {
        type: "array",
        description: "Every validation error.",
        items: ref("schemas/ValidationError"),
        maxItems: MAX_ISSUES,
      },
    },
  },
  ValidationError: {
    type: "object",
    description: "One validation error, and where it is.",
    required: ["detail"],
    properties: {
      detail: text("What the value has to be."),
      pointer: text("Place in the body: a JSON Pointer, as `#/title`."),
      parameter: text("Query parameter."),
      header: text("Request header."),
    },
  },
};

// Without examples: viewers fill them in, and a made-up cursor or version would make
// the first request fail.
/** Parameters by name. */
export const PARAMETERS = {
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
    IDEMPOTENCY_KEY,
  ),
  IfMatch: header(
    "If-Match",
    "One or more `ETag`s: 412 where the item has none of these versions. `*` is every version.",
    ENTITY_TAGS,
  ),
  IfNoneMatch: header(
    "If-None-Match",
    "One or more `ETag`s: where the item has one of these versions, GET is 304, PATCH and DELETE are 412. `*` is every version.",
    ENTITY_TAGS,
  ),
  LastEventId: header(
    "Last-Event-ID",
    "The `id` of the last event that you received, 20 or 22 hex digits.",
    CHANGE_ID,
  ),
  RequestId: header(
    "X-Request-Id",
    "Your id for the request. It is kept where it is 1 to 128 letters, digits and `_.=-`.",
  ),
};

function header(name: string, description: string, form?: RegExp): object {
  const schema = { ...TEXT, ...(form && { pattern: form.source }) };
  return { name, in: "header", description, schema };
}

const EVERYWHERE = {
  "Cache-Control": ["What caches may do with the response", "no-cache"],
  "X-Request-Id": ["Id of the request, the same in the log", "01JD4Z3W6Q"],
  "X-Handled-By": ["Name of the app", "tasks-api"],
  "X-App-Version": ["Version of the app", "2.1"],
  "X-Process-Time": ["Time until the response began", "2.73ms"],
  "Server-Timing": ["The same for developer tools", "total;dur=2.73"],
  "Vary": ["Request headers that the response depends on", "Origin"],
  "RateLimit": ["Requests that are left, if limited", '"default";r=99;t=1'],
  "RateLimit-Policy": ["The limit, if there is one", '"default";q=100;w=60'],
};

/** Names of the headers that every response has. */
export const COMMON_HEADERS: readonly string[] = Object.keys(EVERYWHERE);

/** Response headers, each with its description and an example. */
export const HEADERS = {
  ...EVERYWHERE,
  "Retry-After": ["Seconds to wait before the next try", "1"],
  "ETag": ["Version of what is returned", '"00000000000000a30000"'],
  "Location": ["Path of the new item"],
  "Link": ["Path of the next page, unless this is the last"],
  "Accept-Post": ["Media types that POST accepts", "application/json"],
  "Accept-Patch": ["Media types that PATCH accepts", PATCH_TYPES.join(", ")],
  "Accept-Encoding": ["Content codings that are accepted", "identity"],
  "WWW-Authenticate": ["How to authenticate", "Bearer"],
  "X-Accel-Buffering": ["Turns off buffering in proxies", "no"],
  "Content-Security-Policy": ["What a page may load", "default-src 'none'"],
  "Referrer-Policy": ["Keeps the address of a page private", "no-referrer"],
  "X-Content-Type-Options": ["Turns off guessing in browsers", "nosniff"],
};

/** The headers that a response may lack, though its description has them. */
const OPTIONAL =
  /^(?:Vary|Link|RateLimit.*|Accept-.*|Content-Security-Policy|Referrer-Policy|X-Content-Type-Options)$/;

const headers = Object.entries(HEADERS).map(([name, about]) => {
  const [description, example] = about;
  const required = !OPTIONAL.test(name);
  return [name, { description, required, schema: TEXT, example }];
});

const examples = Object.entries(PROBLEM_TYPES).map(([name, problem]) => {
  const { title, status, cause: detail } = problem;
  const requestId = "01JD4Z3W6Q";
  const value = { type: `/problems/${name}`, title, status, detail, requestId };
  return [name, { value }];
});

/** OpenAPI's Components Object, without the schemas of resources. */
export const COMPONENTS: Components = {
  schemas: SCHEMAS,
  parameters: PARAMETERS,
  headers: Object.fromEntries(headers),
  examples: Object.fromEntries(examples),
};
