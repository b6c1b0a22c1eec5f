/**
 * Compares two texts by line, and changed lines by word.
 *
 * @module
 */

import { type Change, diff } from "./_diff.ts";

const ESCAPES: Record<string, string> = {
  "\\": "\\\\",
  "\b": "\\b",
  "\f": "\\f",
  "\t": "\\t",
  "\v": "\\v",
  "\r": "\\r",
  "\n": "\\n\n",
  "\r\n": "\\r\\n\r\n",
};

const BLANK = String.raw`(?:\\[bftv]|[^\S\r\n])+`;
const MARK = String.raw`\\[rn\\]|[()[\]{}'"\r\n]`;
const WORDS = new RegExp(
  String.raw`${BLANK}|${MARK}|\w+|(?:(?!${BLANK}|${MARK})\W)+`,
  "g",
);

/**
 * Compares two texts.
 *
 * @param actual The first text.
 * @param expected The second text.
 * @returns Their lines, with invisible characters made visible.
 */
export function diffText(actual: string, expected: string): Change[] {
  const changes = diff(lines(actual), lines(expected));
  const removed = changes.filter(({ type }) => type === "removed");
  const added = changes.filter(({ type }) => type === "added");
  if (added.length < removed.length) {
    diffWords(added, removed, (few, many) => diff(many, few));
  } else {
    diffWords(removed, added, diff);
  }
  return changes;
}

function lines(text: string): string[] {
  const visible = text.replace(/\r\n|[\\\b\f\t\v\r\n]/g, (c) => ESCAPES[c]!);
  return `${visible}\n`.match(/[^\n]*\n/g)!;
}

/** Pairs each line of `few` with the next of `many` that shares a word. */
function diffWords(few: Change[], many: Change[], compare: typeof diff): void {
  const rest = many.values();
  for (const line of few) {
    let words: Change[] = [];
    let partner: Change | undefined;
    for (partner of rest) {
      words = compare(wordsOf(line), wordsOf(partner));
      if (words.some((w) => w.type === "common" && /\S/.test(w.value))) break;
    }
    line.words = wordsFor(line, words);
    if (partner) partner.words = wordsFor(partner, words);
  }
}

function wordsOf(line: Change): string[] {
  return line.value.match(WORDS)!;
}

/** Keeps the words of one line, and joins changed words over the blanks. */
function wordsFor(line: Change, words: Change[]): Change[] {
  return words
    .filter(({ type }) => type === "common" || type === line.type)
    .map((word, index, all) => {
      const type = all[index - 1]?.type;
      const isBridge = word.type === "common" && /\s/.test(word.value) &&
        type && type === all[index + 1]?.type;
      return isBridge ? { ...word, type } : word;
    });
}
