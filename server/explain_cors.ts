/**
 * Explains why a page may call the API or not.
 *
 * @module
 */

import {
  cors,
  CorsConfigError,
  type CorsOptions,
  originMatcher,
} from "../middleware/cors.ts";
import { normalizeMethod } from "../middleware/cors/names.ts";
import { CORS_VARIABLES } from "./cors_policy.ts";

/** A request that a page wants to send. */
export interface PageRequest {
  /** Origin of the page. */
  readonly origin: string;
  /**
   * Method, as the page writes it.
   *
   * @default {"GET"}
   */
  readonly method?: string;
  /**
   * Names of request headers.
   *
   * @default {[]}
   */
  readonly headers?: readonly string[];
}

/** Something that the policy refuses. */
export interface CorsRefusal {
  /** What is refused. */
  readonly text: string;
  /** What to change. */
  readonly cure: string;
}

// Fetch, "CORS-safelisted request-header": browsers send these without a preflight.
const SAFELISTED = /^(accept|accept-language|content-language)$/i;

/**
 * Runs the policy for a page, one part of its request at a time, and returns what to
 * change for each part that is refused.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const policy = { origins: ["https://app.example.com"] };
 * const page = { origin: "https://app.example.com", method: "PUT" };
 *
 * assertEquals(await explainCors(policy, page), [
 *   { text: "method PUT is not allowed", cure: "add PUT to CORS_METHODS" },
 * ]);
 * ```
 *
 * @param policy The options of `cors()`.
 * @param page What the page wants to send.
 * @returns What is refused. Nothing if the page may send all of it.
 */
export async function explainCors(
  policy: CorsOptions,
  page: PageRequest,
): Promise<CorsRefusal[]> {
  const { origin, headers = [] } = page;
  const method = normalizeMethod(page.method ?? "GET");
  const refusals: CorsRefusal[] = [];
  function refuse(what: string, option: string, value: string): void {
    const text = `${what} ${value} is not allowed`;
    refusals.push({ text, cure: cureOf(policy, option, value) });
  }

  if (!originMatcher(policy.origins, policy)(origin)) {
    refuse("origin", "origins", origin);
  }
  if (!await passes(policy, method)) refuse("method", "methods", method);
  for (const name of headers) {
    if (SAFELISTED.test(name) || await passes(policy, "GET", name)) continue;
    refuse("header", "headers", name);
  }
  return refusals;
}

async function passes(
  policy: CorsOptions,
  method: string,
  headers = "",
): Promise<boolean> {
  const origin = "https://page.example";
  const layer = cors({ ...policy, origins: [origin], debug: false });
  const request = new Request("http://localhost/", {
    method: "OPTIONS",
    headers: {
      "Origin": origin,
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": headers,
    },
  });
  const { ok } = await layer(request, () => Promise.resolve(Response.error()));
  return ok;
}

// Some values cannot be allowed at all, such as an origin with a path.
function cureOf(policy: CorsOptions, option: string, value: string): string {
  try {
    cors({ ...policy, [option]: [value] });
    return `add ${value} to ${CORS_VARIABLES[option]}`;
  } catch (error) {
    if (!(error instanceof CorsConfigError)) throw error;
    return error.issues[0]!.message;
  }
}
