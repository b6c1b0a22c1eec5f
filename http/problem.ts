/**
 * The one way to say no: an error that a client may see, in the shape of
 * {@link https://www.rfc-editor.org/rfc/rfc9457 | RFC 9457}.
 *
 * @module
 */

import { PROBLEM_TYPES, type ProblemName } from "./problem_types.ts";

/** One reason why a request was refused, and where the reason lies. */
export interface Issue {
  /** What the value has to be. Never the value itself. */
  detail: string;
  /** JSON Pointer into the body, as a URI fragment (RFC 6901): `#/title`. */
  pointer?: string;
  /** Name of the query parameter. */
  parameter?: string;
  /** Name of the request header. */
  header?: string;
}

/**
 * How many issues a client is told of. One small body or URL can hold thousands of
 * mistakes: whoever makes them gets an answer of the size of the question, not twenty
 * times as much, and whoever looks for them need look no further.
 */
export const MAX_ISSUES = 100;

/** Options for {@linkcode Problem}. */
export interface ProblemOptions extends ErrorOptions {
  /** Every issue, not only the first. The client gets {@linkcode MAX_ISSUES}. */
  errors?: readonly Issue[];
  /** Headers for the response, such as `Allow`. */
  headers?: Record<string, string>;
}

/**
 * An error that is answered to the client as `application/problem+json`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const problem = new Problem("not-found", 'Task "1" does not exist');
 * const response = problem.toResponse("01JD4Z3W6Q");
 *
 * assertEquals(response.status, 404);
 * assertEquals(await response.json(), {
 *   type: "/problems/not-found",
 *   title: "Nothing is here",
 *   status: 404,
 *   detail: 'Task "1" does not exist',
 *   requestId: "01JD4Z3W6Q",
 * });
 * ```
 */
export class Problem extends Error {
  /** What kind of problem it is. */
  readonly type: ProblemName;
  /** Issues found in the request. */
  readonly errors: readonly Issue[];
  /** Headers for the response. */
  readonly headers: Readonly<Record<string, string>>;

  /**
   * Constructs a new instance.
   *
   * @param type What kind of problem it is. It decides status and title.
   * @param detail What went wrong this time, for a person to read.
   * @param options Additional options.
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

  /**
   * Converts the problem to the response that the client gets.
   *
   * @param requestId Identifier of the request, for the client to quote.
   * @returns The response.
   */
  toResponse(requestId: string): Response {
    const { title, status } = PROBLEM_TYPES[this.type];
    const response = Response.json({
      type: `/problems/${this.type}`,
      title,
      status,
      detail: this.message,
      ...(requestId !== "" && { requestId }),
      ...(this.errors.length > 0 &&
        { errors: this.errors.slice(0, MAX_ISSUES) }),
    }, { status });
    response.headers.set("Content-Type", "application/problem+json");
    for (const [name, value] of Object.entries(this.headers)) {
      response.headers.set(name, value);
    }
    return response;
  }
}
