/**
 * Ends the first sentence of a failure message.
 *
 * @param msg What the caller of the assertion wants to add.
 * @returns The caller's words after a colon, or a period.
 */
export function ending(msg?: string): string {
  return msg ? `: ${msg}` : ".";
}
