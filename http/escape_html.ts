/**
 * Makes text safe to stand in HTML.
 *
 * @module
 */

/**
 * Escapes the five characters that mean something in HTML, so that a text can
 * stand between tags and in a quoted attribute.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeHtml(`<b title="x">`), "&lt;b title=&quot;x&quot;&gt;");
 * ```
 *
 * @param text The text.
 * @returns HTML that shows the text.
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};
