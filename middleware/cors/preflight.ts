/**
 * Responds to preflights.
 *
 * @module
 */

import { requestState } from "../../http/request_state.ts";
import { isForbiddenMethod, isToken } from "./names.ts";
import type { Fields, Policy } from "./policy.ts";
import { type Refusal, reject } from "./rejection.ts";
import { VARY_OPTIONS } from "./vary.ts";

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
    : refuse(policy, request, method);
  if (refusal === undefined) {
    requestState(request).cors = "preflight allowed";
    return respond(204, allowed, policy.preflight);
  }
  reject(policy.onReject, request, "preflight", refusal);
  const explanation = policy.explanations[refusal[0]];
  return explanation ? respond(204, allowed, explanation) : respond(403);
}

function refuse(
  { methods, checkHeaders }: Policy,
  request: Request,
  method: string,
): Refusal | undefined {
  // Methods are case-sensitive (RFC 9110, section 9.1). With "*" the method must
  // still be one that browsers send.
  if (!isToken(method)) return ["malformed", method];
  if (methods ? !methods.has(method) : isForbiddenMethod(method)) {
    return ["method", method];
  }
  const list = request.headers.get("Access-Control-Request-Headers");
  return list ? checkHeaders(list) : undefined;
}

// Setting headers in place is faster than constructing a Response with them.
function respond(
  status: 204 | 403,
  allowed?: string,
  fields: Fields = [],
): Response {
  const response = new Response(null, { status });
  const { headers } = response;
  headers.set("Vary", VARY_OPTIONS.value);
  if (allowed !== undefined) {
    headers.set("Access-Control-Allow-Origin", allowed);
  }
  for (const [name, value] of fields) headers.set(name, value);
  return response;
}
