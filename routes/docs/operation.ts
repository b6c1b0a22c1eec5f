/**
 * Words of OpenAPI with which every resource describes itself.
 *
 * @module
 */

import { PROBLEM_TYPES, type ProblemName } from "../../http/problem_types.ts";
import type { Method } from "../router.ts";

/** A value that JSON can write. */
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [name: string]: Json };

/** What one method does at one path. */
export interface Operation {
  /** Name of the operation, unique in the document. */
  readonly operationId: string;
  /** The groups that it belongs to. */
  readonly tags: readonly string[];
  /** What it does, in a few words. */
  readonly summary: string;
  /** What else there is to know. Backticks mark code. */
  readonly description?: string;
  /** Who may call it. */
  readonly security?: Json;
  /** What path, query and headers carry. */
  readonly parameters?: Json;
  /** What the body is. */
  readonly requestBody?: Json;
  /** Every answer, by status code. */
  readonly responses: { readonly [status: string]: Json };
}

/** What is at one path: an operation for each method, and what all of them take. */
export type PathItem =
  & { readonly parameters?: Json }
  & { readonly [method in Lowercase<Method>]?: Operation };

/** What a resource adds to the document. */
export interface Resource {
  /** The group of its operations. */
  readonly tag: { name: string; description: string };
  /** What is at each path. */
  readonly paths: Record<string, PathItem>;
  /** Schemas by name. */
  readonly schemas: Record<string, Json>;
  /** Parameters by name. */
  readonly parameters: Record<string, Json>;
}

/**
 * Points at a component.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(ref("schemas/Task"), { $ref: "#/components/schemas/Task" });
 * ```
 *
 * @param path Kind and name of the component.
 * @returns The reference.
 */
export function ref(path: string): { $ref: string } {
  return { $ref: `#/components/${path}` };
}

/**
 * Describes an answer, with the headers that every answer has.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const { headers } = answer("The task", ["ETag"]);
 *
 * assert("ETag" in headers && "X-Request-Id" in headers);
 * ```
 *
 * @param description What it says.
 * @param names Names of the other headers that it has.
 * @param content The body by media type, where it has one.
 * @returns The description.
 */
export function answer(
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
 * Describes a body of JSON.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(json("Task"), {
 *   "application/json": { schema: { $ref: "#/components/schemas/Task" } },
 * });
 * ```
 *
 * @param schema Name of its schema.
 * @param examples Values that fit, by what they show.
 * @returns The body by media type.
 */
export function json(
  schema: string,
  examples?: Record<string, Json>,
): Record<string, Json> {
  const named = Object.entries(examples ?? {})
    .map(([name, value]) => [name, { value }]);
  return {
    "application/json": {
      schema: ref(`schemas/${schema}`),
      ...(examples && { examples: Object.fromEntries(named) }),
    },
  };
}

/**
 * Describes how an operation says no: one answer for each status, with an example
 * of each problem. The problems that no operation is safe from are added.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Object.keys(refusals(["not-found"])), ["400", "404", "429", "500", "503", "504"]);
 * ```
 *
 * @param names Names of the problem types.
 * @param accept Names of the headers in which a 415 says what is taken.
 * @returns The answers by status.
 */
export function refusals(
  names: readonly ProblemName[] = [],
  accept: readonly string[] = [],
): Record<string, Json> {
  const headers: typeof REFUSAL_HEADERS = { ...REFUSAL_HEADERS, 415: accept };
  const byStatus = Map.groupBy(
    new Set([...names, ...ANYWHERE]),
    (name) => PROBLEM_TYPES[name].status,
  );
  return Object.fromEntries(
    [...byStatus].map((
      [status, names],
    ) => [status, refusal(names, headers[status])]),
  );
}

function refusal(
  names: readonly ProblemName[],
  headers?: readonly string[],
): Json {
  const titles = names.map((name) => PROBLEM_TYPES[name].title);
  return answer(titles.join(", or: "), headers, {
    "application/problem+json": {
      schema: ref("schemas/Problem"),
      examples: Object.fromEntries(
        names.map((name) => [name, ref(`examples/${name}`)]),
      ),
    },
  });
}

const ANYWHERE: readonly ProblemName[] = [
  "invalid-header",
  "too-many-requests",
  "internal-error",
  "unavailable",
  "deadline-passed",
];

const EVERYWHERE = [
  "X-Request-Id",
  "X-Handled-By",
  "X-App-Version",
  "X-Process-Time",
  "Server-Timing",
  "Vary",
  "RateLimit",
  "RateLimit-Policy",
];

/** The headers that an answer may be without, though its description has them. */
const SOMETIMES =
  /^(?:Vary|Link|RateLimit.*|Accept-.*|Content-Security-Policy|Referrer-Policy|X-Content-Type-Options)$/;

const REFUSAL_HEADERS: Record<number, readonly string[]> = {
  401: ["WWW-Authenticate"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};

/** The headers of answers, by name. */
export const HEADERS: Record<string, Json> = Object.fromEntries(
  Object.entries({
    "X-Request-Id": ["Names the request, here and in the log", "01JD4Z3W6Q"],
    "X-Handled-By": ["Name of the app", "tasks-api"],
    "X-App-Version": ["Version of the app", "2.1"],
    "X-Process-Time": ["Time until the answer began", "2.73ms"],
    "Server-Timing": ["The same for developer tools", "total;dur=2.73"],
    "RateLimit": ["What is left, where there is a limit", '"default";r=99;t=1'],
    "RateLimit-Policy": [
      "The limit, where there is one",
      '"default";q=100;w=60',
    ],
    "Retry-After": ["Seconds to wait before another try", "1"],
    "Cache-Control": ["Forbids to store the answer", "no-store"],
    "Vary": ["Which request headers the answer depends on", "Origin"],
    "ETag": ["Version of the task", '"00000000000000a30000"'],
    "Location": ["Path of what is new", "/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P"],
    "Link": [
      "Path of the next page, unless this is the last",
      '</tasks?limit=20&cursor=MDFKRDRaM1c2UThSOVRCMkNWTjVYS1lNN1AuLg>; rel="next"',
    ],
    "Accept-Post": ["Types of body that POST takes", "application/json"],
    "Accept-Patch": [
      "Types of body that PATCH takes",
      "application/merge-patch+json, application/json",
    ],
    "Accept-Encoding": ["Asks for a body that is not compressed", "identity"],
    "WWW-Authenticate": ["Asks for a token", "Bearer"],
    "X-Accel-Buffering": ["Asks proxies to pass each event on", "no"],
    "Content-Security-Policy": [
      "What a page may load and run",
      "default-src 'none'; frame-ancestors 'none'",
    ],
    "Referrer-Policy": ["Keeps the address of a page to it", "no-referrer"],
    "X-Content-Type-Options": ["Keeps browsers from guessing", "nosniff"],
  }).map(([name, [description, example]]) => [
    name,
    {
      description: description!,
      required: !SOMETIMES.test(name),
      schema: { type: "string" },
      example: example!,
    },
  ]),
);

type Said = readonly [detail: string, ...errors: Record<string, string>[]];

/** What the API says of each problem, and of each issue in the request. */
const SAID: Record<ProblemName, Said> = {
  "invalid-json": ["Cannot read the body: it is not JSON in UTF-8"],
  "invalid-path": [
    'Invalid percent-encoding in the path parameter "id"',
  ],
  "invalid-header": ["Invalid Host", {
    header: "Host",
    detail: "Must be a name or an address, with or without a port",
  }],
  "invalid-cursor": ["Cannot list the tasks from this cursor"],
  "unauthorized": ["Missing or unknown token"],
  "not-found": ['Task "01JD4Z3W6Q8R9TB2CVN5XKYM7P" does not exist'],
  "method-not-allowed": ["/ping allows GET, HEAD, OPTIONS"],
  "request-timeout": ["The body did not arrive before the deadline"],
  "conflict": ["Cannot change the task: others did"],
  "version-mismatch": [
    'Cannot write: the task is at version "00000000000000a30000", which the condition of the request rules out',
  ],
  "body-too-large": ["The body is larger than 65536 bytes"],
  "unsupported-media-type": [
    "Cannot read a body of this type: send application/json in UTF-8",
  ],
  "invalid-body": [
    "Cannot create the task: 2 fields are not valid",
    {
      pointer: "#/title",
      detail: "Must be a string of 1 to 100 characters",
    },
    { pointer: "#/color", detail: "Is not a field that can be set" },
  ],
  "invalid-query": [
    "Cannot list the tasks",
    { parameter: "limit", detail: "Must be a whole number from 1 to 100" },
    { parameter: "done", detail: "Must stand once" },
  ],
  "idempotency-key-reused": [
    "Cannot create the task: the Idempotency-Key was used for another body",
  ],
  "too-many-requests": ["The limit is 100 requests in 60 s: retry after 1 s"],
  "internal-error": ["The server failed to handle this request"],
  "unavailable": ["Cannot respond: the server is shutting down"],
  "deadline-passed": ["No response within 10000 ms"],
};

/** An example of each problem, by its name. */
export const PROBLEMS: Record<string, Json> = Object.fromEntries(
  Object.entries(PROBLEM_TYPES).map(([name, { title, status }]) => {
    const [detail, ...errors] = SAID[name as ProblemName];
    const type = `/problems/${name}`;
    const value = { type, title, status, detail, requestId: "01JD4Z3W6Q" };
    return [name, { value: errors.length > 0 ? { ...value, errors } : value }];
  }),
);
