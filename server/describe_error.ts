/**
 * Shows errors in the log.
 *
 * @module
 */

const MOST_CHARACTERS = 8_000;

/**
 * Shows an error whole: with its stack and its causes. What is too long is cut out
 * of the middle.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const error = new Error("Cannot read", { cause: new Error("the disk") });
 * assertStringIncludes(describeError(error), "Error: the disk");
 * ```
 *
 * @param error What was thrown: an error, or anything else.
 * @returns At most about 8,000 characters, in several lines.
 */
export function describeError(error: unknown): string {
  const text = inspect(error);
  if (text.length <= MOST_CHARACTERS) return text;
  const half = MOST_CHARACTERS / 2;
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
    // What is thrown may have a say in how it is shown, and throw again.
    return "An error that cannot be shown";
  }
}
