/**
 * Checks `Access-Control-Request-Headers`.
 *
 * @module
 */

import { isToken } from "./names.ts";
import type { Refusal } from "./rejection.ts";

// No page requests this much. Longer lists are not read.
const MAX_LENGTH = 4096;

// RFC 9110, section 5.6.1.2: a recipient must accept "a reasonable number of empty
// list elements", which proxies leave, but not so many that they cost time.
const MAX_EMPTY = 16;

// In one pass: the spaces after each comma are read once.
const AUTHORIZATION = /(?:^|,)[ \t]*(authorization)[ \t]*(?:,|$)/i;

/**
 * Creates a function that returns why the headers of a preflight are refused, if
 * they are. Their names come in any case and order, and may repeat.
 *
 * @param names The allowed names, in lower case.
 */
export function compileHeaders(
  names: readonly string[],
): (list: string) => Refusal | undefined {
  if (!names.includes("*")) {
    const allowed = new Set(names);
    return (list) => checkHeaders(list, allowed);
  }
  if (names.includes("authorization")) return () => undefined;
  // Fetch, "CORS non-wildcard request-header name": "*" does not cover it. Chromium
  // sends it all the same.
  return (list) =>
    AUTHORIZATION.test(list) ? ["headers", "authorization"] : undefined;
}

function checkHeaders(
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

// RFC 9110, section 5.6.3: spaces and tabs. String.trim() removes other blanks too.
function trim(list: string, start: number, end: number): string {
  while (start < end && isBlank(list.charCodeAt(start))) start++;
  while (end > start && isBlank(list.charCodeAt(end - 1))) end--;
  return list.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
