/**
 * Reads the query of a list, and writes the address of its next page.
 *
 * @module
 */

import { type Issue, MAX_ISSUES, Problem } from "../../http/problem.ts";
import type { Filter, Indexed } from "../../store/collection.ts";
import type { Resource } from "./declaration.ts";
import { typesOf } from "./object_schema.ts";

/** What a client asks of a list. */
export interface ListQuery {
  /** Values that the indexed fields must have. */
  readonly filter: Filter;
  /** Number of items, at most. */
  readonly limit: number;
  /** Id of the last item of the page before. */
  readonly before?: string;
}

/** The parameters of every list, and the form of their values. */
const PARAMETERS: Record<string, { form: RegExp; detail: string }> = {
  limit: {
    form: /^(?:[1-9]\d?|100)$/,
    detail: "Must be a whole number from 1 to 100",
  },
  cursor: { form: /[^]/, detail: "Must not be empty" },
};

const TOO_LONG = `the query has more than ${MAX_ISSUES} parameters`;

/**
 * Reads the query of `GET /<name>`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { boolean, object } from "../../http/schema.ts";
 * import { resource } from "./declaration.ts";
 *
 * const schema = object({ done: boolean() });
 * const tasks = resource({
 *   name: "tasks",
 *   title: "Task",
 *   description: "",
 *   schema,
 *   indexes: ["done"],
 * });
 *
 * assertEquals(await readListQuery(tasks, "http://localhost/tasks?done=true"), {
 *   filter: { done: true },
 *   limit: 20,
 * });
 * ```
 *
 * @throws {Problem} 422 with every parameter that is unknown, repeated or not valid,
 * of the first {@linkcode MAX_ISSUES}; 400 for a cursor of another filter.
 */
export async function readListQuery(
  resource: Resource,
  url: string,
): Promise<ListQuery> {
  const start = url.indexOf("?");
  if (start === -1) return { filter: {}, limit: 20 };
  // No query with so many parameters is valid: the rest is not read.
  const parts = url.slice(start).split("&", MAX_ISSUES + 1);
  const isLong = parts.length > MAX_ISSUES;
  const search = new URLSearchParams(parts.slice(0, MAX_ISSUES).join("&"));

  const filter = readFilter(resource, search);
  const invalid = await validateFilter(resource, filter);
  const errors = [...new Set(search.keys())].flatMap((name) =>
    check(name, search, resource) ?? invalid.get(name) ?? []
  );
  if (errors.length > 0 || isLong) {
    const why = isLong ? TOO_LONG : `${count(errors)} not valid`;
    const detail = `Cannot list ${resource.name}: ${why}`;
    throw new Problem("invalid-query", detail, { errors });
  }
  const cursor = search.get("cursor");
  return {
    filter,
    limit: Number(search.get("limit") ?? 20),
    ...(cursor !== null && { before: decodeCursor(cursor, filter) }),
  };
}

function count({ length }: readonly Issue[]): string {
  return length === 1 ? "1 parameter is" : `${length} parameters are`;
}

/** In the order of the indexes, so that equal filters make equal cursors. */
function readFilter(
  { indexes, input }: Resource,
  search: URLSearchParams,
): Filter {
  const entries = indexes.flatMap((name) => {
    const text = search.get(name);
    if (text === null) return [];
    return [[name, parseValue(text, typesOf(input.properties[name]!))]];
  });
  return Object.fromEntries(entries);
}

function parseValue(text: string, types: readonly string[]): Indexed {
  const isNumber = types.includes("number") || types.includes("integer");
  if (text === "null" && types.includes("null")) return null;
  if (/^(?:true|false)$/.test(text) && types.includes("boolean")) {
    return text === "true";
  }
  return isNumber && /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : text;
}

/**
 * Validates the values as what they are: fields of the resource, in a body without
 * the others. Any schema library reports the errors of each field.
 */
async function validateFilter(
  { schema }: Resource,
  filter: Filter,
): Promise<Map<PropertyKey, Issue[]>> {
  const errors = new Map<PropertyKey, Issue[]>();
  if (Object.keys(filter).length === 0) return errors;
  const { issues = [] } = await schema["~standard"].validate(filter);
  for (const { path: [first] = [], message } of issues) {
    const name = typeof first === "object" ? first.key : first;
    if (name === undefined || !Object.hasOwn(filter, name)) continue;
    errors.set(name, [{ parameter: String(name), detail: message }]);
  }
  return errors;
}

function check(
  name: string,
  search: URLSearchParams,
  { indexes }: Resource,
): Issue[] | undefined {
  const parameter = name.slice(0, 64).toWellFormed();
  const known = Object.hasOwn(PARAMETERS, name) ? PARAMETERS[name] : undefined;
  if (known === undefined && !indexes.includes(name)) {
    const names = [...indexes, ...Object.keys(PARAMETERS)].join(", ");
    return [{ parameter, detail: `Unknown parameter: use ${names}` }];
  }
  const values = search.getAll(name);
  if (values.length > 1) return [{ parameter, detail: "Must be given once" }];
  if (known === undefined || known.form.test(values[0]!)) return undefined;
  return [{ parameter, detail: known.detail }];
}

/**
 * Writes the address of the next page. Its cursor has the id of the last item of this
 * page and the filter, so that it cannot be used with another one.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const query = { filter: { done: true }, limit: 5 };
 * const next = nextPage({ name: "tasks" }, query, "01JD4Z3W6Q8R9TB2CVN5XKYM7P");
 *
 * assertEquals(next.split("&cursor=")[0], "/tasks?done=true&limit=5");
 * ```
 *
 * @param last Id of the last item on this page.
 */
export function nextPage(
  { name }: Pick<Resource, "name">,
  { filter, limit }: ListQuery,
  last: string,
): string {
  const filters = Object.entries(filter)
    .map(([field, value]) => `${field}=${encodeURIComponent(String(value))}&`)
    .join("");
  const cursor = encodeCursor(last, filter);
  return `/${name}?${filters}limit=${limit}&cursor=${cursor}`;
}

function encodeCursor(id: string, filter: Filter): string {
  return new TextEncoder().encode(`${id}${JSON.stringify(filter)}`)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

function decodeCursor(cursor: string, filter: Filter): string {
  const id = idIn(cursor);
  // Encoded again it is the same, or it was not made here for this filter.
  if (id !== undefined && encodeCursor(id, filter) === cursor) return id;
  throw new Problem(
    "invalid-cursor",
    'Invalid cursor: start from the first page, without "cursor"',
  );
}

function idIn(cursor: string): string | undefined {
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: "base64url" });
    return /^[0-9A-Z]{26}/.exec(new TextDecoder().decode(bytes))?.[0];
  } catch {
    return undefined;
  }
}
