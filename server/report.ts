/**
 * Reports errors in the log.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import type { Log } from "./log.ts";

/**
 * Creates a function that logs an error with the id and the route of its request.
 *
 * A `Problem` above 500, such as an unavailable store, is a warning with its causes
 * and no stack: an outage causes thousands of them. Any other error is unexpected
 * and is logged with its stack.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines: string[] = [];
 * const report = reportTo((level, message) => lines.push(`${level} ${message}`));
 * report(new RangeError("out of range"), new Request("http://localhost/"));
 *
 * assertEquals(lines, ["error unexpected error"]);
 * ```
 */
export function reportTo(log: Log): (error: unknown, request: Request) => void {
  return function report(error, request): void {
    const { id: requestId, route } = requestState(request);
    if (error instanceof Problem && error.status > 500) {
      const cause = causesOf(error);
      log("warn", error.message, { requestId, route, cause });
    } else {
      const text = describeError(error);
      log("error", "unexpected error", { requestId, route, error: text });
    }
  };
}

/** The cause of a problem and its own cause: the store, then its database. */
function causesOf({ cause }: Problem): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const causes = cause.cause instanceof Error ? [cause, cause.cause] : [cause];
  return causes.map(String).join(": ").slice(0, 1_000);
}

const MAX_LENGTH = 8_000;

/**
 * Describes a thrown value with its stack, its properties and its causes. A text of
 * more than 8,000 characters loses its middle.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const error = new Error("Cannot read", { cause: new Error("disk failure") });
 * assertStringIncludes(describeError(error), "Error: disk failure");
 * ```
 */
export function describeError(error: unknown): string {
  try {
    const text = Deno.inspect(error, { depth: 6, strAbbreviateSize: 1_000 });
    if (text.length <= MAX_LENGTH) return text;
    const half = MAX_LENGTH / 2;
    return `${text.slice(0, half)} […] ${text.slice(-half)}`;
  } catch {
    // An object can define how it is inspected, and that code can throw.
    return "An error that cannot be inspected";
  }
}
