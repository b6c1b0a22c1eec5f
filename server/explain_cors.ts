/**
 * Explains what CORS allows a page to send, for `deno task doctor --origin …`.
 *
 * @module
 */

import type { CorsConfigError, CorsOptions } from "../middleware/cors.ts";
import { normalizeMethod } from "../middleware/cors/names.ts";
import { createPolicy } from "../middleware/cors/policy.ts";
import { refuseHeaders, refuseMethod } from "../middleware/cors/preflight.ts";
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
    values.set(words[at]!.replace(/^--/, ""), words[at + 1] ?? "");
  }
  const { origin, method = "GET", headers = "", ...others } = Object
    .fromEntries(values);
  if (!origin || Object.keys(others).length > 0) {
    const given = args.join(" ");
    throw new Error(
      `Unknown arguments "${given}": use --deep, --origin, --method and --headers`,
    );
  }
  return { origin, method, headers: headers.split(/[ ,]+/).filter(Boolean) };
}

// Fetch, "CORS-safelisted request-header": browsers send these without a preflight.
const SAFELISTED = /^(accept|accept-language|content-language)$/i;

/**
 * Checks what a page wants to send, and returns what to change for each part that is
 * refused.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const options = { origins: ["https://a.example"] };
 * const page = { origin: "https://a.example", method: "PUT", headers: ["X-A"] };
 *
 * assertEquals(explainCors(options, page), [
 *   "method PUT is refused: add it to CORS_METHODS",
 *   "header X-A is refused: add it to CORS_HEADERS",
 * ]);
 * ```
 *
 * @param options The options of `cors()`.
 * @returns What is refused. Nothing if the page may send all of it.
 */
export function explainCors(options: CorsOptions, page: PageRequest): string[] {
  const policy = createPolicy(options);
  const method = normalizeMethod(page.method);
  const refused: [what: string, value: string][] = [];
  if (!policy.allow(page.origin)) refused.push(["origin", page.origin]);
  if (refuseMethod(policy, method)) refused.push(["method", method]);
  for (const name of page.headers) {
    const isRefused = !SAFELISTED.test(name) && refuseHeaders(policy, name);
    if (isRefused) refused.push(["header", name]);
  }
  return refused.map(([what, value]) => cureOf(options, what, value));
}

// A configuration may not allow every value, such as an origin with a path.
function cureOf(options: CorsOptions, what: string, value: string): string {
  const option = `${what}s`;
  try {
    createPolicy({ ...options, [option]: [value] });
    return `${what} ${value} is refused: add it to ${CORS_VARIABLES[option]}`;
  } catch (error) {
    // createPolicy() throws nothing else.
    return (error as CorsConfigError).issues[0]!.message;
  }
}
