/**
 * Words that the benchmarks share.
 *
 * @module
 */

/** Returns the middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** Reads options such as `--rounds=5` from the command line. */
export function options<T extends Record<string, string>>(defaults: T): T {
  const given = Deno.args.map((arg) => {
    const [, name, value] = /^--(\w+)=(.*)$/.exec(arg) ?? [];
    if (name !== undefined && name in defaults) return [name, value];
    const known = Object.keys(defaults).map((each) => `--${each}=…`).join(", ");
    throw new Error(`Cannot read the option "${arg}": there are ${known}`);
  });
  return { ...defaults, ...Object.fromEntries(given) };
}

const encoder = new TextEncoder();

/** Writes a line. */
export function say(text: string): void {
  Deno.stdout.writeSync(encoder.encode(`${text}\n`));
}

/** Writes a line of progress over the last one. */
export function sayOver(text: string): void {
  const shown = Deno.stderr.isTerminal() ? `\r\x1b[K${text}` : `${text}\n`;
  Deno.stderr.writeSync(encoder.encode(shown));
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
