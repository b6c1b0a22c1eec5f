/**
 * Computes all that can be computed before the first request.
 *
 * @module
 */

import type { CorsOptions } from "../cors.ts";
import { isReadable, normalizeMethod } from "./names.ts";
import { readOptions } from "./options.ts";
import { compileOrigins } from "./origins.ts";
import { VARY_ORIGIN, type VaryNames } from "./vary.ts";

/** Names and values of header fields. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** What is allowed, ready for requests. */
export interface Policy {
  /** Gives the `Access-Control-Allow-Origin` for an origin, if it is allowed. */
  readonly allow: (origin: string | null) => string | undefined;
  /** What actual answers depend on, if on anything. */
  readonly vary: VaryNames | undefined;
  /** Methods that are allowed, `undefined` for all. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Request headers that are allowed, in lower case, `undefined` for `"*"`. */
  readonly headers: ReadonlySet<string> | undefined;
  /** Further fields of an actual answer. */
  readonly actual: Fields;
  /** Further fields of a preflight that passes. */
  readonly preflight: Fields;
  /** Further fields of a preflight that is told why it fails, in debug mode. */
  readonly explanation: Fields | undefined;
  /** As in the options. */
  readonly onReject: CorsOptions["onReject"] | undefined;
}

/** Makes the policy that options describe, or throws all that is wrong with them. */
export function createPolicy(given: CorsOptions): Policy {
  const options = readOptions(given);
  const { origins, credentials, maxAge = 600, debug, onReject } = options;
  const methods = unique(options.methods, normalizeMethod);
  const headers = unique(options.headers, lowerCase).sort();
  const exposed = unique(options.exposeHeaders, lowerCase).sort();
  // Browsers allow these three in any case, but cache that only where it is listed.
  const allMethods = new Set(["GET", "HEAD", "POST", ...methods]);
  const anyMethod = allMethods.has("*");

  const shared = field(
    "Access-Control-Allow-Credentials",
    credentials ? ["true"] : [],
  );
  const lists = [
    ...shared,
    ...field(
      "Access-Control-Allow-Methods",
      anyMethod ? ["*"] : [...allMethods],
    ),
    ...field("Access-Control-Allow-Headers", headers),
  ];
  return {
    ...allowing(origins),
    methods: anyMethod ? undefined : allMethods,
    headers: headers.includes("*") ? undefined : new Set(headers),
    actual: [
      ...shared,
      ...field(
        "Access-Control-Expose-Headers",
        exposed.filter((name) => !isReadable(name)),
      ),
    ],
    preflight: [...lists, ...field("Access-Control-Max-Age", [`${maxAge}`])],
    explanation: debug ? lists : undefined,
    onReject,
  };
}

// Fetch, "CORS protocol and HTTP caches": a "*" goes to all, also where no Origin
// came, as a cache may hand the answer on. Else the answer depends on the Origin.
function allowing(
  origins: CorsOptions["origins"],
): Pick<Policy, "allow" | "vary"> {
  const vary = origins.includes("*") ? undefined : VARY_ORIGIN;
  return { allow: compileOrigins(origins), vary };
}

function unique(
  list: "*" | readonly string[] = [],
  normalize: (name: string) => string,
): string[] {
  return [...new Set(Array.from(list, normalize))];
}

function lowerCase(name: string): string {
  return name.toLowerCase();
}

// RFC 9110, section 5.6.1.1: a sender generates no empty elements.
function field(name: string, values: readonly string[]): Fields {
  return values.length === 0 ? [] : [[name, values.join(",")]];
}
