/**
 * Breaks long sentences where a person reads them.
 *
 * @module
 */

/**
 * Breaks lines between words, so that they fit the 80 columns of a terminal. In a
 * file or a pipe a sentence stays in one line, where `grep` finds it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const text = `${"a".repeat(50)} ${"b".repeat(50)}`;
 *
 * assertEquals(
 *   fitLines(text, { isTerminal: () => true }),
 *   `${"a".repeat(50)}\n${"b".repeat(50)}`,
 * );
 * assertEquals(fitLines(text, { isTerminal: () => false }), text);
 * ```
 *
 * @param text The text.
 * @param to Where it will be written.
 * @returns The text. A word that is longer than a line stays whole.
 */
export function fitLines(text: string, to: { isTerminal(): boolean }): string {
  return to.isTerminal() ? text.replace(TOO_LONG, "$1\n") : text;
}

/** The words that fit the first 80 columns of a longer line, and the space after. */
const TOO_LONG = /(?=.{81})(.{0,79}\S) /g;
