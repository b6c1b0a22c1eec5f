/**
 * The vocabulary of OpenAPI in which routes describe themselves.
 *
 * @module
 */

import { PROBLEM_TYPES, type ProblemName } from "../../http/problem_types.ts";

const EVERYWHERE = [
  "Cache-Control",
  "X-Request-Id",
  "X-Handled-By",
  "X-App-Version",
  "X-Process-Time",
  "Server-Timing",
  "Vary",
  "RateLimit",
  "RateLimit-Policy",
];

/** A value that JSON can write. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** What one method does at one path. A type, so that it fits `RouteOperation`. */
export type Operation = {
  /** Name of the operation, unique in the document. */
  readonly operationId: string;
  /** The group that it belongs to. */
  readonly tags: readonly string[];
  /** What it does, in a few words. */
  readonly summary: string;
  /** What else there is to know. Backticks mark code. */
  readonly description: string;
  /** Path, query and header parameters. */
  readonly parameters?: Json;
  /** The body of the request. */
  readonly requestBody?: Json;
  /** Every response, by status code. */
  readonly responses: { readonly [status: string]: Json };
};

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

/**
 * Describes a response, with the headers that every response has.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const { headers } = response("The task", ["ETag"]);
 *
 * assert("ETag" in headers && "X-Request-Id" in headers);
 * ```
 *
 * @param content The body by media type, where it has one.
 */
export function response(
  description: string,
  names: readonly string[] = [],
  content?: Json,
): { description: string; headers: Record<string, Json>; content?: Json } {
  const headers = Object.fromEntries(
    [...names, ...EVERYWHERE].map((name) => [name, ref(`headers/${name}`)]),
  );
  return { description, headers, ...(content !== undefined && { content }) };
}

/**
 * Describes a response that browsers get as a page, and other clients as `content`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pageResponse("All").content, {
 *   "text/html": { schema: { type: "string" } },
 * });
 * ```
 */
export function pageResponse(
  description: string,
  content: Record<string, Json> = {},
): ReturnType<typeof response> {
  const headers = [
    "ETag",
    "Content-Security-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
  ];
  const html = { schema: { type: "string" } };
  return response(description, headers, { ...content, "text/html": html });
}

/** What a client gets that has the current version. */
export const NOT_MODIFIED: Json = response("The client has this version", [
  "ETag",
]);

/**
 * Describes a body of JSON.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(json(ref("schemas/Task")), {
 *   "application/json": { schema: { $ref: "#/components/schemas/Task" } },
 * });
 * ```
 *
 * @param examples Values that fit, by what they show.
 */
export function json(
  schema: Json,
  examples?: Record<string, Json>,
): Record<string, Json> {
  const named = Object.entries(examples ?? {})
    .map(([name, value]) => [name, { value }]);
  return {
    "application/json": {
      schema,
      ...(examples && { examples: Object.fromEntries(named) }),
    },
  };
}

/**
 * Describes an object whose members are always there.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   members("It runs.", { ok: { type: "boolean" } })["required"],
 *   ["ok"],
 * );
 * ```
 *
 * @param optional Schemas of members that may be missing.
 */
export function members(
  description: string,
  properties: Record<string, Json>,
  optional: Record<string, Json> = {},
): Record<string, Json> {
  return {
    type: "object",
    description,
    required: Object.keys(properties),
    properties: { ...properties, ...optional },
  };
}

/**
 * Describes the errors of an operation: one response for each status, with an example
 * of each problem. Problems that any operation may have are added.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Object.keys(problems(["not-found"])), ["400", "404", "429", "500", "503", "504"]);
 * ```
 *
 * @param accept Names of the headers of a 415 that list what is accepted.
 */
export function problems(
  names: readonly ProblemName[] = [],
  accept: readonly string[] = [],
): Record<string, Json> {
  const headers: typeof PROBLEM_HEADERS = { ...PROBLEM_HEADERS, 415: accept };
  const byStatus = Map.groupBy(
    new Set([...names, ...ANYWHERE]),
    (name) => PROBLEM_TYPES[name].status,
  );
  const responses = [...byStatus].map(([status, names]) => {
    const titles = names.map((name) => PROBLEM_TYPES[name].title);
    const examples = names.map((name) => [name, ref(`examples/${name}`)]);
    const content = {
      "application/problem+json": {
        schema: ref("schemas/Problem"),
        examples: Object.fromEntries(examples),
      },
    };
    return [status, response(titles.join(", or: "), headers[status], content)];
  });
  return Object.fromEntries(responses);
}

const ANYWHERE: readonly ProblemName[] = [
  "invalid-header",
  "too-many-requests",
  "internal-error",
  "unavailable",
  "deadline-passed",
];

/** The headers that a response may lack, though its description has them. */
const OPTIONAL =
  /^(?:Vary|Link|RateLimit.*|Accept-.*|Content-Security-Policy|Referrer-Policy|X-Content-Type-Options)$/;

const PROBLEM_HEADERS: Record<number, readonly string[]> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};

/** The headers of responses, by name. */
export const HEADERS: Record<string, Json> = Object.fromEntries(
  Object.entries({
    "X-Request-Id": ["Id of the request, the same in the log", "01JD4Z3W6Q"],
    "X-Handled-By": ["Name of the app", "tasks-api"],
    "X-App-Version": ["Version of the app", "2.1"],
    "X-Process-Time": ["Time until the response began", "2.73ms"],
    "Server-Timing": ["The same for developer tools", "total;dur=2.73"],
    "RateLimit": [
      "Requests that are left, where there is a limit",
      '"default";r=99;t=1',
    ],
    "RateLimit-Policy": [
      "The limit, where there is one",
      '"default";q=100;w=60',
    ],
    "Retry-After": ["Seconds to wait before the next try", "1"],
    "Cache-Control": ["What caches may do with the response", "no-cache"],
    "Vary": ["Request headers that the response depends on", "Origin"],
    "ETag": [
      "Version of the item, the list or the document",
      '"00000000000000a30000"',
    ],
    "Location": ["Path of the new item"],
    "Link": ["Path of the next page, unless this is the last"],
    "Accept-Post": ["Media types that POST accepts", "application/json"],
    "Accept-Patch": [
      "Media types that PATCH accepts",
      "application/merge-patch+json, application/json",
    ],
    "Accept-Encoding": ["Content codings that are accepted", "identity"],
    "WWW-Authenticate": ["How to authenticate", "Bearer"],
    "X-Accel-Buffering": ["Turns off buffering in proxies", "no"],
    "Content-Security-Policy": [
      "What a page may load and run",
      "default-src 'none'; frame-ancestors 'none'",
    ],
    "Referrer-Policy": ["Keeps the address of a page private", "no-referrer"],
    "X-Content-Type-Options": ["Turns off guessing in browsers", "nosniff"],
  }).map(([name, [description, example]]) => [
    name,
    {
      description: description!,
      required: !OPTIONAL.test(name),
      schema: { type: "string" },
      ...(example !== undefined && { example }),
    },
  ]),
);
