/**
 * Validates bodies, and merges patches
 * ({@link https://www.rfc-editor.org/rfc/rfc7396 | RFC 7396}).
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
export async function parseBody(
  { schema, noun }: Resource,
  body: unknown,
  verb: "create" | "change",
): Promise<object> {
  const result = await schema["~standard"].validate(body);
  if (result.issues === undefined) return result.value;
  const errors = result.issues.slice(0, MAX_ISSUES).map(toIssue);
  throw new Problem(
    "invalid-body",
    `Cannot ${verb} the ${noun}: ${count(errors)} not valid`,
    { errors },
  );
}

/**
 * Merges a patch with the fields of a stored value, and validates the result.
 *
 * `null` removes a field: it gets its default, or is missing where it has none. An
 * unknown field stays in the result, `null` or not, for the schema to reject.
 *
 * @param patch Parsed JSON of unknown shape.
 * @returns The fields to store, or `undefined` where the patch is empty.
 * @throws {Problem} 422 with every validation error.
 */
export async function mergePatch(
  resource: Resource,
  value: object,
  patch: unknown,
): Promise<object | undefined> {
  // The schema rejects what is no object, in the words that it has for POST.
  if (!isObject(patch)) return await parseBody(resource, patch, "change");
  if (Object.keys(patch).length === 0) return undefined;
  const { properties } = resource.input;
  const isKnown = (name: string): boolean => Object.hasOwn(properties, name);
  // Without id and times, and without fields that the schema has no more.
  const fields = Object.entries(value).filter(([name]) => isKnown(name));
  const merged = merge(Object.fromEntries(fields), patch, isKnown);
  return await parseBody(resource, merged, "change");
}

function merge(
  target: unknown,
  patch: object,
  isKnown: (name: string) => boolean = () => true,
): object {
  const before = new Map(Object.entries(isObject(target) ? target : {}));
  // A map, since assigning to `__proto__` would change the prototype.
  const after = new Map<string, unknown>();
  for (const [name, value] of Object.entries(patch)) {
    const old = before.get(name);
    before.delete(name);
    if (value === null && isKnown(name)) continue;
    after.set(name, isObject(value) ? merge(old, value) : value);
  }
  return Object.fromEntries([...after, ...before]);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
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
