/**
 * Explains what CORS allows a page to send, for `deno task doctor --origin …`.
 *
 * @module
 */

import {
  cors,
  type CorsConfigError,
  type CorsOptions,
  originMatcher,
} from "../middleware/cors.ts";
import { normalizeMethod } from "../middleware/cors/names.ts";
import { CORS_VARIABLES } from "./cors_policy.ts";

/** A request that a page wants to send. */
export interface PageRequest {
  /** Origin of the page. */
  readonly origin: string;
  /** Method, as the page writes it. */
  readonly method: string;
  /** Names of request headers. */
  readonly headers: readonly string[];
}

/**
 * Reads a request from the arguments of a command.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(parsePage(["--origin", "https://a.example", "--method=PUT"]), {
 *   origin: "https://a.example",
 *   method: "PUT",
 *   headers: [],
 * });
 * assertEquals(parsePage([]), undefined);
 * ```
 *
 * @param args `--origin`, `--method` and `--headers` with their values, or nothing.
 * @returns The request. `undefined` without arguments.
 * @throws {Error} If there is another argument, or no origin.
 */
export function parsePage(args: readonly string[]): PageRequest | undefined {
  if (args.length === 0) return undefined;
  const words = args.flatMap((arg) => arg.split(/(?<=^--\w+)=/));
  const values = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    values.set(words[at]!, words[at + 1] ?? "");
  }
  const { origin, method = "GET", headers = "", ...others } = Object
    .fromEntries(
      [...values].map(([name, value]) => [name.replace(/^--/, ""), value]),
    );
  if (!origin || Object.keys(others).length > 0) {
    throw new Error(
      `Unknown arguments "${
        args.join(" ")
      }": use --origin, --method and --headers`,
    );
  }
  return { origin, method, headers: headers.split(/[ ,]+/).filter(Boolean) };
}

// Fetch, "CORS-safelisted request-header": browsers send these without a preflight.
const SAFELISTED = /^(accept|accept-language|content-language)$/i;

/**
 * Runs a policy for a page, one part of its request at a time, and returns what to
 * change for each part that is refused.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const policy = { origins: ["https://a.example"] };
 * const page = { origin: "https://a.example", method: "PUT", headers: ["X-A"] };
 *
 * assertEquals(await explainCors(policy, page), [
 *   "method PUT is refused: add it to CORS_METHODS",
 *   "header X-A is refused: add it to CORS_HEADERS",
 * ]);
 * ```
 *
 * @param policy The options of `cors()`.
 * @returns What is refused. Nothing if the page may send all of it.
 */
export async function explainCors(
  policy: CorsOptions,
  page: PageRequest,
): Promise<string[]> {
  const method = normalizeMethod(page.method);
  const refused: string[] = [];
  if (!originMatcher(policy.origins, policy)(page.origin)) {
    refused.push(cureOf(policy, "origin", page.origin));
  }
  if (!await passes(policy, method)) {
    refused.push(cureOf(policy, "method", method));
  }
  for (const name of page.headers) {
    if (SAFELISTED.test(name) || await passes(policy, "GET", name)) continue;
    refused.push(cureOf(policy, "header", name));
  }
  return refused;
}

async function passes(
  policy: CorsOptions,
  method: string,
  headers = "",
): Promise<boolean> {
  const origin = "https://page.example";
  const middleware = cors({ ...policy, origins: [origin], debug: false });
  const request = new Request("http://localhost/", {
    method: "OPTIONS",
    headers: {
      "Origin": origin,
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": headers,
    },
  });
  const next = () => Promise.resolve(Response.error());
  return (await middleware(request, next)).ok;
}

// A configuration may not allow every value, such as an origin with a path.
function cureOf(policy: CorsOptions, what: string, value: string): string {
  const option = `${what}s`;
  try {
    cors({ ...policy, [option]: [value] });
    return `${what} ${value} is refused: add it to ${CORS_VARIABLES[option]}`;
  } catch (error) {
    // cors() throws nothing else.
    return (error as CorsConfigError).issues[0]!.message;
  }
}
