/**
 * Says what is wrong with a configuration.
 *
 * @module
 */

/** One thing that is wrong with the options of `cors()`. */
export interface CorsIssue {
  /** Where it is: `origins.1`, or `origins` for a bare value. */
  readonly path: string;
  /**
   * What kind of mistake it is: `case`, `credentials`, `forbidden`, `syntax`,
   * `type`, `unknown` or `wildcard`.
   */
  readonly code: string;
  /** The value as it was given. */
  readonly value: unknown;
  /** What cannot be done, and the cure. */
  readonly message: string;
  /** What to write instead, where that is known. */
  readonly hint?: string;
}

/**
 * Says that the options of `cors()` cannot be used, and names every reason.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const message = 'Cannot set maxAge "600": expected an integer from 0 to 86400';
 * const error = new CorsConfigError([
 *   { path: "maxAge", code: "type", value: "600", message },
 * ]);
 * assertEquals(error.issues[0]?.path, "maxAge");
 * ```
 */
export class CorsConfigError extends TypeError {
  /** Everything that is wrong. */
  readonly issues: readonly CorsIssue[];

  /**
   * Constructs a new instance.
   *
   * @param issues Everything that is wrong.
   */
  constructor(issues: readonly CorsIssue[]) {
    const lines = issues.map(({ path, message }) => `\n  ${path}: ${message}`);
    super(`Cannot use these CORS options:${lines.join("")}`);
    this.name = "CorsConfigError";
    this.issues = issues;
  }
}

/** Why a value is refused: a code, the cure, and what to write where it is known. */
export type Complaint = readonly [
  code: string,
  cure: string,
  hint?: string | undefined,
];

/** Finds what stands against an entry of a list, if anything does. */
export type Check = (entry: string) => Complaint | undefined;

/** Makes an issue that says `Cannot <act> "<value>": <cure>`. */
export function issueOf(
  path: string,
  value: unknown,
  act: string,
  [code, cure, hint]: Complaint,
): CorsIssue {
  const text = typeof value === "string" ? JSON.stringify(value) : show(value);
  const quoted = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const message = `Cannot ${act} ${quoted}: ${cure}`;
  return { path, code, value, message, ...(hint !== undefined && { hint }) };
}

function show(value: unknown): string {
  try {
    return Deno.inspect(value, { depth: 1, breakLength: Infinity });
  } catch {
    // What is shown may have a say in how, and throw.
    return `a value of type ${typeof value}`;
  }
}

/** Copies a list, so that what is checked and what is used are the same. */
export function copyList<T>(list: T): T {
  return Array.isArray(list) ? Array.from(list) as T : list;
}

/** Checks a list, or a bare `"*"`: each entry in each way. */
export function checkList(
  path: string,
  list: unknown,
  act: string,
  checks: readonly Check[],
): CorsIssue[] {
  if (list !== "*" && !Array.isArray(list)) {
    return [issueOf(path, list, act, ["type", 'expected "*" or an array'])];
  }
  return Array.from<unknown>(list).flatMap((entry, index) => {
    const complaints = typeof entry === "string"
      ? checks.map((check) => check(entry))
      : [["type", "expected a string"] as const];
    return complaints.filter((complaint) => complaint !== undefined).map((
      complaint,
    ) =>
      issueOf(list === "*" ? path : `${path}.${index}`, entry, act, complaint)
    );
  });
}

/** Makes the check that a `"*"` has no other entry beside it. */
export function standsAlone(list: unknown): Check {
  const others = Array.isArray(list) && list.some((entry) => entry !== "*");
  return (entry) =>
    entry === "*" && others
      ? ["wildcard", "write it alone, or leave it out"]
      : undefined;
}
