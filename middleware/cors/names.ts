/**
 * Checks the names of methods and headers.
 *
 * @module
 */

import type { Complaint } from "./error.ts";

/** Names of methods and headers (RFC 9110, section 5.6.2). */
export const TOKEN: RegExp = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** Methods that browsers never send (Fetch, "forbidden method"). */
export const FORBIDDEN_METHOD: RegExp = /^(CONNECT|TRACE|TRACK)$/i;

// Fetch, "normalize a method": browsers send these in upper case, and no others. A
// page must write PATCH and QUERY in upper case itself: "patch" never matches.
const NORMALIZED = /^(DELETE|GET|HEAD|OPTIONS|POST|PUT)$/i;
const CASE_SENSITIVE = /^(PATCH|QUERY)$/i;

// Fetch, "forbidden request-header".
const NEVER_SENT =
  /^(accept-(charset|encoding)|access-control-request-.*|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;

// RFC 9110, sections 8.8.3, 10.2, 11.6.1, 12.5.5 and 14.3, RFC 9111, section 5.1, and
// Fetch, "HTTP responses".
const OF_RESPONSES =
  /^(accept-ranges|access-control-.*|age|allow|etag|location|retry-after|server|server-timing|set-cookie2|strict-transport-security|timing-allow-origin|vary|www-authenticate)$/i;

// Fetch, "forbidden response-header name".
const NEVER_SHOWN = /^set-cookie2?$/i;

// RFC 9110, sections 7.2, 10.1, 11.7.1, 13.1 and 14.2, RFC 6265, section 4.2, and
// Fetch, "HTTP responses": fields of requests, and of responses to preflights.
const OF_REQUESTS =
  /^(access-control-(allow-(headers|methods|private-network)|max-age|request-.*)|cookie2?|expect|from|host|if-.*|max-forwards|origin|proxy-authorization|range|referer|te|upgrade-insecure-requests|user-agent)$/i;

/** Returns a method as browsers send it. */
export function normalizeMethod(method: string): string {
  return NORMALIZED.test(method) ? method.toUpperCase() : method;
}

/** Returns why a method is invalid, if it is. */
export function checkMethod(method: string): Complaint | undefined {
  const hint = method.toUpperCase();
  return CASE_SENSITIVE.test(method) && method !== hint
    ? ["case", `write "${hint}": browsers keep its case`, hint]
    : refuse(method, FORBIDDEN_METHOD, "remove it: browsers never send it");
}

/** Returns why a request header is invalid, if it is. */
export function checkRequestHeader(name: string): Complaint | undefined {
  return refuse(name, NEVER_SENT, "remove it: no page can set it") ??
    refuse(name, OF_RESPONSES, "remove it: it belongs in responses");
}

/** Returns why a response header is invalid, if it is. */
export function checkExposedHeader(name: string): Complaint | undefined {
  const cure = "remove it: it belongs in requests or preflights";
  return refuse(name, NEVER_SHOWN, "remove it: no page can read it") ??
    refuse(name, OF_REQUESTS, cure);
}

function refuse(
  name: string,
  names: RegExp,
  cure: string,
): Complaint | undefined {
  if (!TOKEN.test(name)) return ["syntax", "use letters, digits and hyphens"];
  return names.test(name) ? ["forbidden", cure] : undefined;
}
