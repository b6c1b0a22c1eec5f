/**
 * Errors that clients see, as problem details
 * ({@link https://www.rfc-editor.org/rfc/rfc9457 | RFC 9457}).
 *
 * @module
 */

import { PROBLEM_TYPES, type ProblemName } from "./problem_types.ts";

/** A validation error, and which part of the request has it. */
export interface Issue {
  /** What the value must be. Never contains the value itself. */
  detail: string;
  /** JSON Pointer into the body, as a URI fragment (RFC 6901): `#/title`. */
  pointer?: string;
  /** Name of the query parameter. */
  parameter?: string;
  /** Name of the request header. */
  header?: string;
}

/**
 * Most validation errors in one response. A small body or URL can have thousands,
 * and the response would be twenty times as long. Validation may stop here, too.
 */
export const MAX_ISSUES = 100;

/** Options for {@linkcode Problem}. */
export interface ProblemOptions extends ErrorOptions {
  /** All validation errors. The client gets the first {@linkcode MAX_ISSUES}. */
  errors?: readonly Issue[];
  /** Headers for the response, such as `Allow`. */
  headers?: Record<string, string>;
}

/**
 * An error that the client gets as `application/problem+json`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const problem = new Problem("not-found", 'Task "1" does not exist');
 * const response = problem.toResponse("01JD4Z3W6Q");
 *
 * assertEquals(response.status, 404);
 * assertEquals((await response.json()).type, "/problems/not-found");
 * ```
 */
export class Problem extends Error {
  /** Type of the problem. */
  readonly type: ProblemName;
  /** Validation errors of the request. */
  readonly errors: readonly Issue[];
  /** Headers for the response. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * Constructs a new instance.
   *
   * @param detail What failed in this case, for people to read.
   */
  constructor(type: ProblemName, detail: string, options: ProblemOptions = {}) {
    super(detail, options);
    this.name = "Problem";
    this.type = type;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }

  /** Status code of the response. */
  get status(): number {
    return PROBLEM_TYPES[this.type].status;
  }

  /** Converts the problem to a response. `requestId` may be `""`. */
  toResponse(requestId: string, publicUrl = ""): Response {
    const { title, status } = PROBLEM_TYPES[this.type];
    return Response.json({
      type: `${publicUrl}/problems/${this.type}`,
      title,
      status,
      detail: this.message,
      ...(requestId !== "" && { requestId }),
      ...(this.errors.length > 0 &&
        { errors: this.errors.slice(0, MAX_ISSUES) }),
    }, {
      status,
      headers: { "Content-Type": "application/problem+json", ...this.headers },
    });
  }
}
