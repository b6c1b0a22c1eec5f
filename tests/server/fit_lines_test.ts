import { assertEquals } from "@std/assert";
import { fitLines } from "../../server/fit_lines.ts";

const TERMINAL = { isTerminal: () => true };
const PIPE = { isTerminal: () => false };

const FULL = "a".repeat(80);

const CASES: [what: string, text: string, lines: string[]][] = [
  ["leaves nothing as it is", "", [""]],
  ["leaves a line of 80 columns as it is", FULL, [FULL]],
  ["breaks after 80 columns", `${FULL} b`, [FULL, "b"]],
  ["breaks before the word that does not fit", `b ${FULL}`, ["b", FULL]],
  ["breaks a line twice", `${FULL} ${FULL} b`, [FULL, FULL, "b"]],
  ["looks at each line", `b b\n${FULL} b\nb\n`, ["b b", FULL, "b", "b", ""]],
  ["keeps a longer word whole", `b ${FULL}a b`, ["b", `${FULL}a`, "b"]],
  ["keeps an indented word in its line", `  ${FULL} b`, [`  ${FULL}`, "b"]],
];

for (const [what, text, lines] of CASES) {
  Deno.test(`fitLines() ${what}`, () => {
    assertEquals(fitLines(text, TERMINAL).split("\n"), lines);
    assertEquals(fitLines(text, PIPE), text);
  });
}
