/**
 * Responds to preflights.
 *
 * @module
 */

import { requestState } from "../../http/request_state.ts";
import { FORBIDDEN_METHOD, TOKEN } from "./names.ts";
import type { Policy } from "./policy.ts";
import { type Refusal, reject } from "./rejection.ts";

/** What a response to OPTIONS depends on, preflight or not. */
export const VARY_OPTIONS =
  "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

const REQUEST_HEADERS = "Access-Control-Request-Headers";

// No page requests this much. Longer lists are not read.
const MAX_LENGTH = 4096;

// RFC 9110, section 5.6.1.2: a recipient must accept "a reasonable number of empty
// list elements", which proxies leave, but not so many that they cost time.
const MAX_EMPTY = 16;

// In one pass: the spaces after each comma are read once.
const AUTHORIZATION = /(?:^|,)[ \t]*authorization[ \t]*(?:,|$)/i;

/**
 * Responds to a preflight: with 204 and the whole policy, or with a bare 403 (Fetch,
 * "HTTP responses"). The policy is not reduced to what was requested, so one response
 * fills the browser's cache for the URL (Fetch, "CORS-preflight cache").
 */
export function respondToPreflight(
  policy: Policy,
  request: Request,
  origin: string,
  method: string,
): Response {
  const allowed = policy.allow(origin);
  const refusal = allowed === undefined
    ? ["origin", origin] as const
    : refuseMethod(policy, method) ??
      refuseHeaders(policy, request.headers.get(REQUEST_HEADERS) ?? "");
  if (refusal === undefined) requestState(request).cors = "preflight allowed";
  else reject(policy.onReject, request, "preflight", refusal);

  const fields = refusal ? policy.explanations[refusal[0]] : policy.preflight;
  const response = new Response(null, { status: fields ? 204 : 403 });
  // Setting headers in place is faster than constructing a Response with them.
  const { headers } = response;
  headers.set("Vary", VARY_OPTIONS);
  if (allowed === undefined || fields === undefined) return response;
  headers.set("Access-Control-Allow-Origin", allowed);
  for (const [name, value] of fields) headers.set(name, value);
  return response;
}

/** Returns why a method is refused, if it is. Its case matters (RFC 9110, 9.1). */
export function refuseMethod(
  { methods }: Policy,
  method: string,
): Refusal | undefined {
  if (!TOKEN.test(method)) return ["malformed", method];
  const isAllowed = methods?.has(method) ?? !FORBIDDEN_METHOD.test(method);
  return isAllowed ? undefined : ["method", method];
}

/** Returns why a list of headers is refused, if it is. Their case does not matter. */
export function refuseHeaders(
  { headers }: Policy,
  list: string,
): Refusal | undefined {
  if (!headers.has("*")) return findRefused(headers, list);
  // Fetch, "CORS non-wildcard request-header name": "*" does not cover it. Chromium
  // sends it all the same.
  return !headers.has("authorization") && AUTHORIZATION.test(list)
    ? ["headers", "authorization"]
    : undefined;
}

function findRefused(
  allowed: ReadonlySet<string>,
  list: string,
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
      return [TOKEN.test(name) ? "headers" : "malformed", name];
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
