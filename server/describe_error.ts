/**
 * Describes thrown values for the log.
 *
 * @module
 */

const MAX_LENGTH = 8_000;

/**
 * Describes an error with its stack, its properties and its causes. A text that is
 * too long loses its middle.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const error = new Error("Cannot read", { cause: new Error("disk failure") });
 * assertStringIncludes(describeError(error), "Error: disk failure");
 * ```
 *
 * @param error The thrown value: an error, or anything else.
 * @returns A text of several lines and at most about 8,000 characters.
 */
export function describeError(error: unknown): string {
  const text = inspect(error);
  if (text.length <= MAX_LENGTH) return text;
  const half = MAX_LENGTH / 2;
  return `${text.slice(0, half)} […] ${text.slice(-half)}`;
}

function inspect(error: unknown): string {
  try {
    return Deno.inspect(error, {
      colors: false,
      depth: 6,
      strAbbreviateSize: 1000,
    });
  } catch {
    // An object can define how it is inspected, and that code can throw.
    return "An error that cannot be inspected";
  }
}
