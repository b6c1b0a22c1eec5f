/**
 * Manners of a program in a terminal: colours only where somebody sees them, and a
 * line of progress where something takes its time.
 *
 * @module
 */

import { fitLines } from "./fit_lines.ts";

/** What a text goes to. */
export interface Output {
  /** Whether a person looks at it. */
  isTerminal(): boolean;
  /** Writes bytes, and returns how many it took. */
  writeSync(bytes: Uint8Array): number;
}

/** Colours that a text can have. */
export type Color = "bold" | "dim" | "red" | "green" | "yellow";

const CODES: Record<Color, number> = {
  bold: 1,
  dim: 2,
  red: 31,
  green: 32,
  yellow: 33,
};

const encoder = new TextEncoder();

/**
 * Writes a text, all of it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let size = 0;
 * const output = {
 *   isTerminal: () => false,
 *   writeSync: (bytes: Uint8Array) => (size += bytes.length, bytes.length),
 * };
 * write(output, "hello\n");
 *
 * assertEquals(size, 6);
 * ```
 *
 * @param to Where to.
 * @param text The text.
 */
export function write(to: Output, text: string): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
}

/**
 * Says what could not be done, in lines that fit a terminal.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let size = 0;
 * complain("Cannot seed", {
 *   isTerminal: () => true,
 *   writeSync: (bytes) => (size += bytes.length, bytes.length),
 * });
 *
 * assertEquals(size, 12);
 * ```
 *
 * @param message The sentence.
 * @param to Where to.
 */
export function complain(message: string, to: Output = Deno.stderr): void {
  write(to, fitLines(`${message}\n`, to));
}

/**
 * Colours a text where somebody sees it: not in a file or a pipe, and not where
 * {@link https://no-color.org | NO_COLOR} is set.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const pipe = { isTerminal: () => false, writeSync: () => 0 };
 * const screen = { isTerminal: () => true, writeSync: () => 0 };
 *
 * assertEquals(paint(pipe, "red", "no"), "no");
 * assertEquals(paint(screen, "red", "no", false), "\x1b[31mno\x1b[0m");
 * ```
 *
 * @param to Where the text will be written.
 * @param color Its colour.
 * @param text The text.
 * @param noColor Whether NO_COLOR is set.
 * @returns The text, with escape codes where they are welcome.
 */
export function paint(
  to: Output,
  color: Color,
  text: string,
  noColor = Deno.noColor,
): string {
  if (noColor || !to.isTerminal()) return text;
  return `\x1b[${CODES[color]}m${text}\x1b[0m`;
}

/** Options for {@linkcode progress}. */
export interface ProgressOptions {
  /**
   * Where the line is written.
   *
   * @default {Deno.stderr}
   */
  to?: Output;
  /**
   * Clock that returns milliseconds.
   *
   * @default {performance.now}
   */
  now?: () => number;
}

/**
 * Creates a function that tells how far something is: on a terminal, after the
 * first second, in one line that is wiped at the end.
 *
 * @example Usage
 * ```ts
 * const step = progress("Reading", 3);
 * for (const _file of ["a", "b", "c"]) step();
 * ```
 *
 * @param label What is done.
 * @param total How many steps there are.
 * @param options Additional options.
 * @returns A function to call after each step.
 */
export function progress(
  label: string,
  total: number,
  options: ProgressOptions = {},
): () => void {
  const { to = Deno.stderr, now = () => performance.now() } = options;
  const from = now() + 1000;
  let done = 0;
  let shown = false;

  return function step(): void {
    done++;
    if (!to.isTerminal() || now() < from) return;
    if (done < total) {
      write(to, `\r${label} ${done} of ${total}`);
      shown = true;
    } else if (shown) {
      write(to, "\r\x1b[K");
    }
  };
}
