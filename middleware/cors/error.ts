/**
 * Errors in the options of `cors()`.
 *
 * @module
 */

/** One error in the options of `cors()`. */
export interface CorsIssue {
  /** Where it is: `origins.1`, or `origins` for a value that is not a list. */
  readonly path: string;
  /**
   * The kind of error: `case`, `credentials`, `forbidden`, `scheme`, `suffix`,
   * `syntax`, `type`, `unknown` or `wildcard`.
   */
  readonly code: string;
  /** The value as it was given. */
  readonly value: unknown;
  /** What failed, the value, and what to do. */
  readonly message: string;
  /** The value to write instead where one is known, otherwise what to do. */
  readonly hint?: string;
}

/**
 * Lists every error in the options of `cors()`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 * import { cors } from "../cors.ts";
 *
 * const error = assertThrows(() => cors({ origins: ["null"] }), CorsConfigError);
 * assertEquals(error.issues[0]?.path, "origins.0");
 * ```
 */
export class CorsConfigError extends TypeError {
  /** Every error that was found. */
  readonly issues: readonly CorsIssue[];

  /** Creates an error whose message lists the issues. */
  constructor(issues: readonly CorsIssue[]) {
    const lines = issues.map(({ path, message }) => `\n  ${path}: ${message}`);
    super(`Invalid CORS options:${lines.join("")}`);
    this.name = "CorsConfigError";
    this.issues = issues;
  }
}

/** Why a value is invalid: a code, what to do, and the value to write instead. */
export type Complaint = readonly [code: string, cure: string, hint?: string];

/** Creates an issue with the message `Cannot <act> "<value>": <cure>`. */
export function issueOf(
  path: string,
  value: unknown,
  act: string,
  [code, cure, hint = cure]: Complaint,
): CorsIssue {
  const text = typeof value === "string"
    ? JSON.stringify(value)
    : Deno.inspect(value, { depth: 1, breakLength: Infinity });
  const quoted = text.length > 200 ? `${text.slice(0, 200)}…` : text;
  const message = `Cannot ${act} ${quoted}: ${cure}`;
  return { path, code, value, message, hint };
}
