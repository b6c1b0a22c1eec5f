/**
 * The parser of a new task that `http/schema.ts` replaced, to measure beside it.
 *
 * @module
 */

import { type Issue, MAX_ISSUES, Problem } from "../../http/problem.ts";

/** How urgent a task is. */
export type Priority = "low" | "medium" | "high";

/** The fields of a task that a client may set. */
export interface TaskFields {
  /** What is to be done: 1 to 100 characters. */
  title: string;
  /** Whatever else there is to say: up to 2,000 characters. */
  description: string;
  /** How urgent it is. */
  priority: Priority;
  /** Whether it is done. */
  done: boolean;
  /** The day by which it is due, `YYYY-MM-DD`, or `null`. */
  dueOn: string | null;
}

/** A task as it is stored and as clients see it. */
export interface Task extends TaskFields {
  /** ULID, 26 characters: sorts by the time of creation. */
  id: string;
  /** When it was created: RFC 3339, UTC. */
  createdAt: string;
  /** When it was last changed: RFC 3339, UTC. */
  updatedAt: string;
}

/**
 * Reads the fields of a new task from what a client sent.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parseNewTask({ title: " Write " }), {
 *   title: "Write",
 *   description: "",
 *   priority: "medium",
 *   done: false,
 *   dueOn: null,
 * });
 * ```
 *
 * @param body Parsed JSON of unknown shape.
 * @returns All fields. What was not sent has its default.
 * @throws {Problem} 422 with every issue, up to {@linkcode MAX_ISSUES}.
 */
export function parseNewTask(body: unknown): TaskFields {
  return { ...DEFAULTS, ...parseFields(body, "create", ["title"]) };
}

const DEFAULTS: TaskFields = {
  title: "",
  description: "",
  priority: "medium",
  done: false,
  dueOn: null,
};

/** Returns the problem of the value of each field, or `undefined`. */
const CHECKS: Record<string, (value: unknown) => string | undefined> = {
  title: (value) =>
    checkText(
      typeof value === "string" ? value.trim() : value,
      1,
      100,
      "Must be a string of 1 to 100 characters",
    ),
  description: (value) =>
    checkText(value, 0, 2000, "Must be a string of up to 2000 characters"),
  priority: (value) =>
    ["low", "medium", "high"].includes(value as string)
      ? undefined
      : 'Must be "low", "medium" or "high"',
  done: (value) =>
    typeof value === "boolean" ? undefined : "Must be true or false",
  dueOn: (value) =>
    value === null || isDate(value)
      ? undefined
      : "Must be null or a date that exists, such as 2026-02-28",
};

function parseFields(
  body: unknown,
  verb: "create" | "change",
  required: readonly string[],
): Partial<TaskFields> {
  if (!isRecord(body)) {
    const errors = [{ pointer: "#", detail: "Must be a JSON object" }];
    throw invalid(verb, "the body is not an object", errors);
  }
  const errors = findIssues(body, required).take(MAX_ISSUES).toArray();
  if (errors.length > 0) {
    throw invalid(verb, `${count(errors)} not valid`, errors);
  }
  const fields: Partial<TaskFields> = { ...body };
  if (fields.title !== undefined) fields.title = fields.title.trim();
  return fields;
}

/** Finds one issue after the other. */
function* findIssues(
  body: Record<string, unknown>,
  required: readonly string[],
): Generator<Issue> {
  for (const name of required) {
    if (Object.hasOwn(body, name)) continue;
    yield { pointer: pointerTo(name), detail: "Is required" };
  }
  for (const name of Object.keys(body)) {
    const detail = Object.hasOwn(CHECKS, name)
      ? CHECKS[name]!(body[name])
      : "Is not a field that can be set";
    if (detail !== undefined) yield { pointer: pointerTo(name), detail };
  }
}

function count({ length }: readonly Issue[]): string {
  if (length === 1) return "1 field is";
  const more = length < MAX_ISSUES ? "" : " or more";
  return `${length} fields${more} are`;
}

function checkText(
  value: unknown,
  min: number,
  max: number,
  detail: string,
): string | undefined {
  // A character is one or two UTF-16 units: what has more of them is not counted.
  if (typeof value !== "string" || value.length > 2 * max) return detail;
  // An iterator of a string gives code points, `length` counts UTF-16 units.
  const { length } = [...value];
  if (length < min || length > max) return detail;
  if (value.isWellFormed() && !value.includes("\0")) return undefined;
  return "Must not contain NUL or half of a surrogate pair";
}

/** Whether it is a full-date (RFC 3339, 5.6) that exists: not 2026-02-30. */
function isDate(value: unknown): boolean {
  if (typeof value !== "string" || !/^\d{4}-\d\d-\d\d$/.test(value)) {
    return false;
  }
  const time = Date.parse(`${value}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value);
}

/** The JSON Pointer to a member of the body, as a URI fragment (RFC 6901, 6). */
function pointerTo(name: string): string {
  // Enough of a long name to be recognised: the response is no larger than the body.
  const start = name.slice(0, 256).toWellFormed();
  const token = start.replaceAll("~", "~0").replaceAll("/", "~1");
  return `#/${encodeURIComponent(token)}`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(verb: string, why: string, errors: readonly Issue[]): Problem {
  return new Problem("invalid-body", `Cannot ${verb} the task: ${why}`, {
    errors,
  });
}
