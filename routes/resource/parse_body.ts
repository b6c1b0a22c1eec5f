/**
 * Validates the body of a request.
 *
 * @module
 */

import { type Issue, MAX_ISSUES, Problem } from "../../http/problem.ts";
import type { SchemaIssue } from "../../http/schema.ts";
import type { Resource } from "./declaration.ts";

/**
 * Validates parsed JSON against the schema of a resource.
 *
 * @param verb What the request does, for the message.
 * @throws {Problem} 422 with every validation error, up to {@linkcode MAX_ISSUES}.
 */
export async function parseBody<Fields extends object>(
  { schema, title }: Resource<Fields>,
  body: unknown,
  verb: "create" | "change",
): Promise<Fields> {
  const result = await schema["~standard"].validate(body);
  if (result.issues === undefined) return result.value;
  const errors = result.issues.slice(0, MAX_ISSUES).map(toIssue);
  throw new Problem(
    "invalid-body",
    `Cannot ${verb} the ${title.toLowerCase()}: ${count(errors)} not valid`,
    { errors },
  );
}

function count(errors: readonly Issue[]): string {
  const { length } = errors;
  if (errors.some(({ pointer }) => pointer === "#")) return "the body is";
  if (length === 1) return "1 field is";
  return `${length} fields${length < MAX_ISSUES ? "" : " or more"} are`;
}

function toIssue({ message, path = [] }: SchemaIssue): Issue {
  const keys = path.map((part) => typeof part === "object" ? part.key : part);
  return { pointer: pointerTo(keys), detail: shorten(message) };
}

/** The JSON Pointer to a member of the body, as a URI fragment (RFC 6901, 6). */
function pointerTo(keys: readonly PropertyKey[]): string {
  const tokens = keys.map((key) =>
    // A long name is the client's: the response is no larger than the request.
    shorten(String(key)).replaceAll("~", "~0").replaceAll("/", "~1")
  );
  return ["#", ...tokens.map(encodeURIComponent)].join("/");
}

function shorten(text: string): string {
  return text.slice(0, 256).toWellFormed();
}
