/**
 * Adds to `Vary`.
 *
 * @module
 */

/** What an actual answer depends on. */
export const VARY_ORIGIN = "Origin";

/** What an answer to OPTIONS depends on, preflight or not. */
export const VARY_OPTIONS =
  "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/** Adds names to `Vary` (RFC 9110, section 12.5.5) and keeps what is there. */
export function mergeVary(headers: Headers, names: string): void {
  // Several lines come joined by commas (RFC 9110, section 5.3).
  const present = headers.get("Vary");
  if (present === null) return headers.set("Vary", names);

  const listed = split(present);
  if (listed.includes("*")) return; // It stands for everything.

  const merged = new Map<string, string>();
  for (const name of [...listed, ...split(names)]) {
    // Field names are case-insensitive (RFC 9110, section 5.1).
    const key = name.toLowerCase();
    if (!merged.has(key)) merged.set(key, name);
  }
  if (merged.size !== listed.length) {
    headers.set("Vary", [...merged.values()].join(", "));
  }
}

function split(list: string): string[] {
  return list.split(",").map((name) => name.trim()).filter(Boolean);
}
