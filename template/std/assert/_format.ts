/**
 * Prints a value in full, one entry a line and in sorted order, so that two
 * prints can be compared line by line.
 *
 * @param value The value to print.
 * @returns Its text, without a final newline.
 */
export function format(value: unknown): string {
  return Deno.inspect(value, {
    compact: false,
    depth: Infinity,
    getters: true,
    iterableLimit: Infinity,
    sorted: true,
    strAbbreviateSize: Infinity,
    trailingComma: true,
  });
}
