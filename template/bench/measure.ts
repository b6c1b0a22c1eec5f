// deno-lint-ignore-file no-console -- programs print their results

/**
 * Words that the benchmarks share.
 *
 * @module
 */

import { helpOf, type Options, readOptions } from "./options.ts";

/** Returns the middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** Reads the options of a program. Where it is asked for help, it ends with that. */
export function options<Name extends string>(
  command: string,
  known: Options<Name>,
): Record<Name, string> {
  if (Deno.args.some((arg) => arg === "--help" || arg === "-h")) {
    console.log(helpOf(command, known));
    Deno.exit(0);
  }
  try {
    return readOptions(Deno.args, known);
  } catch (error) {
    refuse((error as Error).message);
  }
}

/** Ends the program, and says why. */
export function refuse(message: string): never {
  console.error(message);
  Deno.exit(1);
}

/** Writes a line. */
export function say(text: string): void {
  console.log(text);
}

/** Writes a line of progress over the last one. */
export function sayOver(text: string): void {
  const shown = Deno.stderr.isTerminal() ? `\r\x1b[K${text}` : `${text}\n`;
  Deno.stderr.writeSync(new TextEncoder().encode(shown));
}

/** Writes a table whose columns are as wide as what is in them. */
export function rowsOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const widths = head.map((cell, column) =>
    Math.max(3, cell.length, ...rows.map((row) => row[column]!.length))
  );
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, i) => cell.padEnd(widths[i]!)).join(" | ")} |`;
  return [
    line(head),
    line(widths.map((width) => "-".repeat(width))),
    ...rows.map(line),
  ].join("\n");
}
