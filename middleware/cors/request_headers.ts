/**
 * Reads `Access-Control-Request-Headers`.
 *
 * @module
 */

import { isToken } from "./names.ts";
import type { Refusal } from "./rejection.ts";

// No page asks for this much; what is longer is not read.
const MAX_LENGTH = 4096;

// RFC 9110, section 5.6.1.2: a recipient must accept "a reasonable number of empty
// list elements", such as intermediaries leave, but not so many that it hurts.
const MAX_EMPTY = 16;

/**
 * Finds what stands against the headers that a preflight asks for, in one pass over
 * the list. Names come in any case and order, and may repeat.
 */
export function checkRequestHeaders(
  list: string,
  allowed: ReadonlySet<string>,
): Refusal | undefined {
  if (list.length > MAX_LENGTH) return ["malformed", list];

  let empty = 0;
  let start = 0;
  while (start <= list.length) {
    const comma = list.indexOf(",", start);
    const end = comma === -1 ? list.length : comma;
    const name = trim(list, start, end);
    // Header values are Latin-1, of which only A to Z become a to z.
    if (name === "" ? ++empty > MAX_EMPTY : !allowed.has(name.toLowerCase())) {
      return [isToken(name) ? "headers" : "malformed", name];
    }
    start = end + 1;
  }
  return undefined;
}

// RFC 9110, section 5.6.3: spaces and tabs. String.trim() takes a no-break space too.
function trim(list: string, start: number, end: number): string {
  while (start < end && isBlank(list.charCodeAt(start))) start++;
  while (end > start && isBlank(list.charCodeAt(end - 1))) end--;
  return list.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
