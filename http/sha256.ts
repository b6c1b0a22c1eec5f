/**
 * Hashes text.
 *
 * @module
 */

/**
 * Returns the SHA-256 of a text in UTF-8.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals((await sha256("secret")).toHex().slice(0, 8), "2bb80d53");
 * ```
 */
export async function sha256(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
