/**
 * Reads the query of a list, and writes that of its next page.
 *
 * @module
 */

import { type Issue, MAX_ISSUES, Problem } from "../../http/problem.ts";
import type {
  Filter,
  Indexed,
  PageRange,
  Position,
  Range,
} from "../../store/collection.ts";
import { type ListFilter, type Resource, typesOf } from "./declaration.ts";

/** What a client asks of a list. */
export interface ListQuery extends PageRange {
  /** What indexed fields must equal, or be within. */
  readonly filter: Filter;
}

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
 * const tasks = resource({
 *   name: "tasks",
 *   title: "Task",
 *   description: "",
 *   schema: object({ done: boolean() }),
 *   indexes: ["done"],
 * });
 *
 * const url = "http://localhost/tasks?done=true";
 * assertEquals((await readListQuery(tasks, url)).filter, { done: true });
 * ```
 *
 * @throws {Problem} 422 with every parameter that is unknown, repeated or not valid,
 * of the first {@linkcode MAX_ISSUES}; 400 for a cursor of another filter or order.
 */
export async function readListQuery(
  resource: Resource,
  url: string,
): Promise<ListQuery> {
  const parts = partsOf(url);
  // No query with so many parameters is valid: the rest is not read.
  const isLong = parts.length > MAX_ISSUES;
  const search = paramsOf(parts.slice(0, MAX_ISSUES));

  const errors: Issue[] = [];
  for (const name of new Set(search.keys())) {
    const detail = await findError(resource, name, search);
    const parameter = name.slice(0, 64).toWellFormed();
    if (detail !== undefined) errors.push({ parameter, detail });
  }
  if (errors.length > 0 || isLong) {
    const why = isLong ? TOO_LONG : `${count(errors)} not valid`;
    const detail = `Cannot list ${resource.name}: ${why}`;
    throw new Problem("invalid-query", detail, { errors });
  }
  return read(resource, search);
}

/**
 * Writes the address of the next page: that of this one with a cursor, which has the
 * position of the last item and is bound to the filter and the order.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const url = "http://localhost/tasks?done=true";
 * const query = { filter: { done: true }, limit: 20 };
 * const last = { id: "01JD4Z3W6Q8R9TB2CVN5XKYM7P" };
 * const { next, nextCursor } = nextPage("/tasks", url, query, last);
 *
 * assertEquals(next, `/tasks?done=true&limit=20&cursor=${nextCursor}`);
 * ```
 *
 * @param path What the address begins with.
 * @param last Where this page ends.
 */
export function nextPage(
  path: string,
  url: string,
  query: ListQuery,
  last: Position,
): { next: string; nextCursor: string } {
  const nextCursor = encodeCursor(query, last);
  const search = paramsOf(partsOf(url));
  search.set("limit", String(query.limit));
  search.set("cursor", nextCursor);
  return { next: `${path}?${search}`, nextCursor };
}

function partsOf(url: string): string[] {
  const start = url.indexOf("?");
  if (start === -1) return [];
  return url.slice(start + 1).split("&", MAX_ISSUES + 1);
}

// The constructor removes one "?". A second one belongs to the first name.
function paramsOf(parts: readonly string[]): URLSearchParams {
  return new URLSearchParams(`?${parts.join("&")}`);
}

function count({ length }: readonly Issue[]): string {
  return length === 1 ? "1 parameter is" : `${length} parameters are`;
}

/** Returns what a parameter must be, if it is not. */
function findError(
  resource: Resource,
  name: string,
  search: URLSearchParams,
): string | undefined | Promise<string | undefined> {
  const { filters, ordered } = resource;
  const sort = ordered.length > 0 ? ["sort"] : [];
  const names = [
    ...filters.map(({ name }) => name),
    ...sort,
    "limit",
    "cursor",
  ];
  if (!names.includes(name)) {
    return `Unknown parameter: use ${names.join(", ")}`;
  }
  const [text = "", ...others] = search.getAll(name);
  if (others.length > 0) return "Must be given once";
  if (name === "cursor") return text === "" ? "Must not be empty" : undefined;
  if (name === "limit") {
    const isValid = /^(?:[1-9]\d?|100)$/.test(text);
    return isValid ? undefined : "Must be a whole number from 1 to 100";
  }
  if (name === "sort") {
    const orders = ordered.flatMap((index) => [index, `-${index}`]);
    return orders.includes(text) ? undefined : `Must be ${orders.join(" or ")}`;
  }
  const filter = filters.find((filter) => filter.name === name)!;
  return filter.end && search.has(filter.index)
    ? `Must not be given together with ${filter.index}`
    : validate(resource, filter.index, parse(resource, filter, text));
}

/**
 * Validates a value as what it is: a field in a body without the others. Any schema
 * library reports the errors of each field.
 */
async function validate(
  { schema }: Resource,
  name: string,
  value: Indexed,
): Promise<string | undefined> {
  const { issues = [] } = await schema["~standard"].validate({ [name]: value });
  return issues.find(({ path: [first] = [] }) =>
    (typeof first === "object" ? first.key : first) === name
  )?.message;
}

/** Reads a query without errors. */
function read(resource: Resource, search: URLSearchParams): ListQuery {
  const sort = search.get("sort");
  let order = sort === null
    ? undefined
    : { index: sort.replace(/^-/, ""), descending: sort.startsWith("-") };
  const filter: Record<string, Indexed | Range> = {};
  // In the order of the indexes, so that equal filters make equal cursors.
  for (const one of resource.filters) {
    const text = search.get(one.name);
    if (text === null) continue;
    const { index, end } = one;
    const value = parse(resource, one, text);
    filter[index] = end
      ? { ...filter[index] as Range | undefined, [end]: value }
      : value;
    // Newest first, a range would be a search among all items.
    if (end) order ??= { index, descending: false };
  }
  const limit = Number(search.get("limit") ?? 20);
  const query = { filter, limit, ...(order && { order }) };
  const cursor = search.get("cursor");
  if (cursor === null) return query;
  const after = positionIn(cursor);
  // Encoded again it is the same, or it was not made here for this list.
  if (after && encodeCursor(query, after) === cursor) {
    return { ...query, after };
  }
  throw new Problem(
    "invalid-cursor",
    'Invalid cursor: start from the first page, without "cursor"',
  );
}

function encodeCursor({ filter, order }: ListQuery, last: Position): string {
  const bound = JSON.stringify([last.value, filter, order]);
  return new TextEncoder().encode(last.id + bound)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

function positionIn(cursor: string): Position | undefined {
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: "base64url" });
    const text = new TextDecoder().decode(bytes);
    const [id] = /^[0-9A-Z]{26}/.exec(text)!;
    const [value] = JSON.parse(text.slice(26));
    return Object(value) === value ? undefined : { id, value };
  } catch {
    return undefined;
  }
}

function parse(
  resource: Resource,
  { index, end }: ListFilter,
  text: string,
): Indexed {
  const types = typesOf(resource.input.properties[index]!);
  const isNumber = types.includes("number") || types.includes("integer");
  // No range has null.
  if (text === "null" && types.includes("null") && !end) return null;
  if (/^(?:true|false)$/.test(text) && types.includes("boolean")) {
    return text === "true";
  }
  // As JSON writes numbers, such as 1e+21. A "+" in a query is a space.
  return isNumber && /^-?\d+(?:\.\d+)?(?:e[+ -]?\d+)?$/i.test(text)
    ? Number(text.replace(" ", ""))
    : text;
}
