/**
 * Answers preflights.
 *
 * @module
 */

import { requestState } from "../../http/request_state.ts";
import { isForbiddenMethod, isToken } from "./names.ts";
import type { Fields, Policy } from "./policy.ts";
import { type Refusal, reject } from "./rejection.ts";
import { checkRequestHeaders } from "./request_headers.ts";
import { VARY_OPTIONS } from "./vary.ts";

/**
 * Answers a preflight: 204 and the whole policy, or 403 and nothing (Fetch, "HTTP
 * responses"). The policy is whole, not what was asked for, so that one answer fills
 * the browser's cache for the URL (Fetch, "CORS-preflight cache").
 */
export function answerPreflight(
  policy: Policy,
  request: Request,
  origin: string,
  method: string,
): Response {
  const allowed = policy.allow(origin);
  const refusal = allowed === undefined
    ? ["origin", origin] as const
    : refuse(policy, request, method);
  const state = requestState(request);
  if (refusal === undefined) {
    state.cors = "preflight allowed";
    return answer(204, allowed, policy.preflight);
  }
  state.cors = "preflight refused";
  reject(policy.onReject, "preflight", origin, refusal);
  const [reason] = refusal;
  return policy.explanation && (reason === "method" || reason === "headers")
    ? answer(204, allowed, policy.explanation)
    : answer(403);
}

function refuse(
  { methods, headers }: Policy,
  request: Request,
  method: string,
): Refusal | undefined {
  // Methods are case-sensitive (RFC 9110, section 9.1). Where all are allowed, it
  // must still be one that browsers send.
  if (!isToken(method)) return ["malformed", method];
  if (methods ? !methods.has(method) : isForbiddenMethod(method)) {
    return ["method", method];
  }
  const list = request.headers.get("Access-Control-Request-Headers");
  return headers && list ? checkRequestHeaders(list, headers) : undefined;
}

// To set headers in place is faster than to construct a Response with them.
function answer(
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
