/**
 * ANSI styles for failure messages. They do nothing where `NO_COLOR` is set.
 *
 * @module
 */

type Style = (text: string) => string;

// Once, as the genuine package does.
const { noColor } = Deno;

function style(open: number, close: number): Style {
  const start = `\x1b[${open}m`;
  const end = `\x1b[${close}m`;
  // An inner style that ends with the same code would end this one too, so it
  // is opened again there.
  return (text) =>
    noColor ? text : `${start}${text.replaceAll(end, start)}${end}`;
}

/** Prints bold. */
export const bold: Style = style(1, 22);
/** Prints red. */
export const red: Style = style(31, 39);
/** Prints green. */
export const green: Style = style(32, 39);
/** Prints white. */
export const white: Style = style(37, 39);
/** Prints gray. */
export const gray: Style = style(90, 39);
/** Prints on red. */
export const onRed: Style = style(41, 49);
/** Prints on green. */
export const onGreen: Style = style(42, 49);

// deno-lint-ignore no-control-regex
const CONTROL_SEQUENCE = /[\x1b\x9b]\[?[\d;?]*[@-~]/g;

/**
 * Removes styles, so that coloured and plain messages compare equal.
 *
 * @param text The text to clean.
 * @returns The text without control sequences.
 */
export function stripStyles(text: string): string {
  return text.replace(CONTROL_SEQUENCE, "");
}
