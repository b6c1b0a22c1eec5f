/**
 * Adds names to `Vary`.
 *
 * @module
 */

/** Names of header fields, as one value and by their lower-case keys. */
export interface VaryNames {
  /** All of them, as the header has them. */
  readonly value: string;
  /** Each of them by its key. */
  readonly byKey: ReadonlyMap<string, string>;
}

/** What an actual response depends on. */
export const VARY_ORIGIN: VaryNames = namesOf("Origin");

/** What a response to OPTIONS depends on, preflight or not. */
export const VARY_OPTIONS: VaryNames = namesOf(
  "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
);

/** Adds names to the present `Vary` (RFC 9110, section 12.5.5). */
export function mergeVary(
  headers: Headers,
  present: string | undefined,
  names: VaryNames,
): void {
  if (present === undefined) return headers.set("Vary", names.value);

  // Several lines are joined by commas (RFC 9110, section 5.3).
  const merged = byKey(present);
  if (merged.has("*")) return; // It covers every name.
  for (const [key, name] of names.byKey) {
    if (!merged.has(key)) merged.set(key, name);
  }
  const value = [...merged.values()].join(", ");
  if (value !== present) headers.set("Vary", value);
}

function namesOf(value: string): VaryNames {
  return { value, byKey: byKey(value) };
}

// Field names are case-insensitive (RFC 9110, section 5.1). The first spelling stays.
function byKey(list: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const element of list.split(",")) {
    // RFC 9110, section 5.6.3: trim() would remove a no-break space, too.
    const name = element.replace(/^[ \t]+|[ \t]+$/g, "");
    const key = name.toLowerCase();
    if (name !== "" && !found.has(key)) found.set(key, name);
  }
  return found;
}
