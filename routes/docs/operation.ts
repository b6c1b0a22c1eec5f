/**
 * Words of OpenAPI with which every resource describes itself.
 *
 * @module
 */

import { PROBLEM_TYPES, type ProblemName } from "../../http/problem_types.ts";

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

/** What a resource adds to the document. */
export interface Description {
  /** Operations by path, then by method in lower case. */
  readonly paths: Record<string, Record<string, Operation>>;
  /** What operations share, by kind, then by name. */
  readonly components: Record<string, Record<string, Json>>;
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
 * Describes how an operation says no: one answer for each status, with an example
 * of each problem. The problems that no operation is safe from are added.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(Object.keys(refusals("not-found")), ["404", "429", "500", "504"]);
 * ```
 *
 * @param names Names of the problem types.
 * @returns The answers by status.
 */
export function refusals(...names: ProblemName[]): Record<string, Json> {
  const byStatus = Map.groupBy(
    [...names, ...ANYWHERE],
    (name) => PROBLEM_TYPES[name].status,
  );
  return Object.fromEntries(
    [...byStatus].map(([status, names]) => [status, refusal(status, names)]),
  );
}

function refusal(status: number, names: readonly ProblemName[]): Json {
  const titles = names.map((name) => PROBLEM_TYPES[name].title);
  return answer(titles.join(", or: "), REFUSAL_HEADERS[status], {
    "application/problem+json": {
      schema: ref("schemas/Problem"),
      examples: Object.fromEntries(
        names.map((name) => [name, ref(`examples/${name}`)]),
      ),
    },
  });
}

const ANYWHERE: readonly ProblemName[] = [
  "too-many-requests",
  "internal-error",
  "deadline-passed",
];

const EVERYWHERE = [
  "X-Request-Id",
  "X-Handled-By",
  "X-App-Version",
  "X-Process-Time",
  "Server-Timing",
  "RateLimit",
  "RateLimit-Policy",
];

const REFUSAL_HEADERS: Record<number, string[]> = {
  401: ["WWW-Authenticate"],
  415: ["Accept-Post", "Accept-Patch"],
  429: ["Retry-After"],
  503: ["Retry-After"],
};
