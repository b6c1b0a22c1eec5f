/**
 * Prints how two values differ.
 *
 * @module
 */

import { type Change, diff } from "./_diff.ts";
import { diffText } from "./_diff_text.ts";
import { format } from "./_format.ts";
import { bold, gray, green, onGreen, onRed, red, white } from "./_styles.ts";

const LINE = {
  common: (text: string) => white(`    ${text}`),
  removed: (text: string) => red(bold(`-   ${text}`)),
  added: (text: string) => green(bold(`+   ${text}`)),
};

const WORD = {
  common: (text: string) => text,
  removed: (text: string) => onRed(white(text)),
  added: (text: string) => onGreen(white(text)),
};

/**
 * Prints how two values differ: two texts by line and word, other values by
 * the lines of their print.
 *
 * @param actual The value that the test got.
 * @param expected The value that the test wants.
 * @returns A heading and the lines, to be appended to a message.
 */
export function difference(actual: unknown, expected: unknown): string {
  const areTexts = typeof actual === "string" && typeof expected === "string";
  const printed = areTexts
    ? diffText(actual, expected).map(printLine).join("")
    : diff(format(actual).split("\n"), format(expected).split("\n"))
      .map(printLine).join("\n");
  const heading = `${gray(bold("[Diff]"))} ${red(bold("Actual"))} / ${
    green(bold("Expected"))
  }`;
  return `\n\n    ${heading}\n\n\n${printed}\n`;
}

function printLine({ type, value, words }: Change): string {
  const text = words?.map((word) => WORD[word.type](word.value)).join("");
  return LINE[type](text ?? value);
}
