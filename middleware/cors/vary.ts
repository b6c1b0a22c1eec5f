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

  // Field names are case-insensitive (RFC 9110, section 5.1). The first spelling stays.
  const merged = new Map<string, string>();
  // RFC 9110, section 5.6.3: trim() would remove a no-break space, too.
  for (const name of `${present}, ${names}`.split(/[ \t]*,[ \t]*/)) {
    const key = name.toLowerCase();
    if (name !== "" && !merged.has(key)) merged.set(key, name);
  }
  if (merged.has("*")) return; // It covers every name.
  headers.set("Vary", [...merged.values()].join(", "));
}
