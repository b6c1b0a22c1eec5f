/**
 * An example of each problem, as the API responds with it.
 *
 * @module
 */

import { PROBLEM_TYPES, type ProblemName } from "../../http/problem_types.ts";
import type { Json } from "./operation.ts";

/**
 * Creates an example of each problem type.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { value } = problemExamples("Task")["not-found"] as {
 *   value: { detail: string };
 * };
 *
 * assertEquals(value.detail, 'Task "01JD4Z3W6Q8R9TB2CVN5XKYM7P" does not exist');
 * ```
 *
 * @param title Title of the resource that the examples are about.
 * @returns The examples by name.
 */
export function problemExamples(title: string): Record<string, Json> {
  const details = detailsFor(title, title.toLowerCase());
  const examples = Object.entries(PROBLEM_TYPES).map(
    ([name, { title, status }]) => {
      const [detail, ...errors] = details[name as ProblemName];
      const type = `/problems/${name}`;
      const value = { type, title, status, detail, requestId: "01JD4Z3W6Q" };
      return [name, {
        value: errors.length > 0 ? { ...value, errors } : value,
      }];
    },
  );
  return Object.fromEntries(examples);
}

type Details = readonly [detail: string, ...errors: Record<string, string>[]];

function detailsFor(
  title: string,
  noun: string,
): Record<ProblemName, Details> {
  return {
    "invalid-json": ["Cannot read the body: it is not JSON in UTF-8"],
    "invalid-path": [
      'Cannot read the parameter "id" in the path: a percent escape is broken',
    ],
    "invalid-header": ["Cannot read Host", {
      header: "Host",
      detail: "Must be a name or an address, with a port or without",
    }],
    "invalid-cursor": [
      'Invalid cursor: start from the first page, without "cursor"',
    ],
    "unauthorized": ["Cannot answer without a known token"],
    "not-found": [`${title} "01JD4Z3W6Q8R9TB2CVN5XKYM7P" does not exist`],
    "method-not-allowed": ["/ping answers GET, HEAD, OPTIONS"],
    "request-timeout": ["Cannot read the body within 10000 ms"],
    "conflict": [
      `Cannot write the ${noun}: other writers were faster too often`,
    ],
    "version-mismatch": [
      `Cannot write the ${noun}: it is at version "00000000000000a30000", which the request excludes`,
    ],
    "body-too-large": ["Cannot read the body: it has more than 65536 bytes"],
    "unsupported-media-type": [
      "Cannot read a body of this type: send application/json in UTF-8",
    ],
    "invalid-body": [`Cannot create the ${noun}: 1 field is not valid`, {
      pointer: "#/color",
      detail: "Unknown field",
    }],
    "invalid-query": [
      "Invalid query",
      { parameter: "limit", detail: "Must be a whole number from 1 to 100" },
      { parameter: "cursor", detail: "Must be given once" },
    ],
    "idempotency-key-reused": [
      `Cannot create the ${noun}: the Idempotency-Key was used for another body`,
    ],
    "too-many-requests": ["Cannot answer more than 100 requests in 60 s"],
    "internal-error": ["The server could not handle this request"],
    "unavailable": ["Cannot answer any more: the server is shutting down"],
    "deadline-passed": ["Cannot answer within 10000 ms"],
  };
}
