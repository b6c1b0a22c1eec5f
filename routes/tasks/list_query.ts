/**
 * Reads what a client asks of the list of tasks.
 *
 * @module
 */

import { type Issue, MAX_ISSUES, Problem } from "../../http/problem.ts";
import type { TaskFilter } from "./store.ts";
import type { Priority } from "./task.ts";

/** What a client asks of the list. */
export interface ListQuery {
  /** Which tasks. */
  readonly filter: TaskFilter;
  /** How many of them. */
  readonly limit: number;
  /** Identifier of the task to go on after, where it is not the first page. */
  readonly before?: string;
}

/** What each parameter must be, and how that is said. */
const PARAMETERS: ReadonlyMap<string, { form: RegExp; detail: string }> =
  new Map([
    ["done", { form: /^(?:true|false)$/, detail: "Must be true or false" }],
    ["priority", {
      form: /^(?:low|medium|high)$/,
      detail: "Must be low, medium or high",
    }],
    ["limit", {
      form: /^(?:[1-9]\d?|100)$/,
      detail: "Must be a whole number from 1 to 100",
    }],
    ["cursor", { form: /[^]/, detail: "Must not be empty" }],
  ]);

const TOO_LONG = `: the query has more than ${MAX_ISSUES} parameters`;

/**
 * Reads the query of `GET /tasks`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readListQuery("http://localhost/tasks?done=false&limit=5"), {
 *   filter: { done: false },
 *   limit: 5,
 * });
 * ```
 *
 * @param url The URL of the request.
 * @returns What the client asks.
 * @throws {Problem} 422 with every parameter that is unknown, repeated or wrong, of
 * the first {@linkcode MAX_ISSUES}; 400 for a cursor that was not made for these
 * filters.
 */
export function readListQuery(url: string): ListQuery {
  const start = url.indexOf("?");
  if (start === -1) return { filter: {}, limit: 20 };
  // No query with so many parameters is valid: what comes after them is not read.
  const parts = url.slice(start + 1).split("&", MAX_ISSUES + 1);
  const isLong = parts.length > MAX_ISSUES;
  const search = new URLSearchParams(parts.slice(0, MAX_ISSUES).join("&"));

  const errors = [...new Set(search.keys())].flatMap((name) =>
    check(name, search)
  );
  if (errors.length > 0 || isLong) {
    const detail = `Cannot list the tasks${isLong ? TOO_LONG : ""}`;
    throw new Problem("invalid-query", detail, { errors });
  }
  const { done, priority, limit, cursor } = Object.fromEntries(search);
  const filter: TaskFilter = {
    ...(done !== undefined && { done: done === "true" }),
    ...(priority !== undefined && { priority: priority as Priority }),
  };
  return {
    filter,
    limit: Number(limit ?? 20),
    ...(cursor !== undefined && { before: decodeCursor(cursor, filter) }),
  };
}

function check(name: string, search: URLSearchParams): Issue[] {
  const parameter = name.slice(0, 64).toWellFormed();
  const known = PARAMETERS.get(name);
  if (known === undefined) {
    const names = [...PARAMETERS.keys()].join(", ");
    return [{ parameter, detail: `Is not a parameter: there are ${names}` }];
  }
  const values = search.getAll(name);
  if (values.length > 1) return [{ parameter, detail: "Must stand once" }];
  return known.form.test(values[0]!)
    ? []
    : [{ parameter, detail: known.detail }];
}

/**
 * Writes the address of the next page. Its cursor names the last task of this page
 * and the filters, so that it cannot be used with others.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const id = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";
 * const next = nextPage({ filter: { done: true }, limit: 5 }, id);
 *
 * assertEquals(readListQuery(`http://localhost${next}`), {
 *   filter: { done: true },
 *   limit: 5,
 *   before: id,
 * });
 * ```
 *
 * @param query What the client asked.
 * @param last Identifier of the last task on this page.
 * @returns Path and query.
 */
export function nextPage({ filter, limit }: ListQuery, last: string): string {
  const filters = Object.entries(filter)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}&`).join("");
  return `/tasks?${filters}limit=${limit}&cursor=${encodeCursor(last, filter)}`;
}

function encodeCursor(id: string, filter: TaskFilter): string {
  return new TextEncoder().encode(`${id}${tagOf(filter)}`)
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

function decodeCursor(cursor: string, filter: TaskFilter): string {
  const id = idIn(cursor);
  // Written again it is the same, or it was not written by us for these filters.
  if (id !== undefined && encodeCursor(id, filter) === cursor) return id;
  throw new Problem("invalid-cursor", "Cannot list the tasks from this cursor");
}

function idIn(cursor: string): string | undefined {
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: "base64url" });
    return /^[0-9A-Z]{26}/.exec(new TextDecoder().decode(bytes))?.[0];
  } catch {
    return undefined;
  }
}

function tagOf({ done, priority }: TaskFilter): string {
  return `.${done ?? ""}.${priority ?? ""}`;
}
