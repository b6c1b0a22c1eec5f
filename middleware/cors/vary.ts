/**
 * Adds names to `Vary`.
 *
 * @module
 */

/** What a response to OPTIONS depends on, preflight or not. */
export const VARY_OPTIONS =
  "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/** Adds names to the present `Vary` (RFC 9110, section 12.5.5). */
export function mergeVary(
  headers: Headers,
  present: string | undefined,
  names: string,
): void {
  if (present === undefined) return headers.set("Vary", names);

  const merged = unique(`${present}, ${names}`);
  if (merged.has("*")) return; // It covers every name.
  const value = [...merged.values()].join(", ");
  if (value !== present) headers.set("Vary", value);
}

// Field names are case-insensitive (RFC 9110, section 5.1). The first spelling stays.
function unique(list: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const element of list.split(",")) {
    // RFC 9110, section 5.6.3: trim() would remove a no-break space, too.
    const name = element.replace(/^[ \t]+|[ \t]+$/g, "");
    const key = name.toLowerCase();
    if (name !== "" && !found.has(key)) found.set(key, name);
  }
  return found;
}
