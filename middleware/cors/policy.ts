/**
 * Computes what does not depend on the request.
 *
 * @module
 */

import { isReadable, normalizeMethod } from "./names.ts";
import { type CorsOptions, readOptions } from "./options.ts";
import { compileOrigins } from "./origins.ts";
import type { CorsRejection, Refusal } from "./rejection.ts";
import { compileHeaders } from "./request_headers.ts";
import { VARY_ORIGIN, type VaryNames } from "./vary.ts";

/** Names and values of header fields. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** The options of `cors()`, ready for requests. */
export interface Policy {
  /** Returns the `Access-Control-Allow-Origin` for an origin, if it is allowed. */
  readonly allow: (origin: string | null) => string | undefined;
  /** What actual responses depend on, if on anything. */
  readonly vary: VaryNames | undefined;
  /** The allowed methods, `undefined` for all. */
  readonly methods: ReadonlySet<string> | undefined;
  /** Returns why requested headers are refused, if they are. */
  readonly checkHeaders: (list: string) => Refusal | undefined;
  /** Further fields of an actual response. */
  readonly actual: Fields;
  /** Further fields of the response to a preflight that passes. */
  readonly preflight: Fields;
  /** In debug mode, the same for preflights that fail. */
  readonly explanations: Partial<Record<CorsRejection["reason"], Fields>>;
  /** As in the options. */
  readonly onReject: CorsOptions["onReject"] | undefined;
}

/** Creates the policy for options, or throws every error in them. */
export function createPolicy(given: CorsOptions): Policy {
  const options = readOptions(given);
  const { origins, credentials, maxAge = 600, debug, onReject } = options;
  const headers = unique(options.headers, lowerCase).sort();
  const exposed = unique(options.exposeHeaders, lowerCase).sort();
  // Browsers allow these three anyway, but only cache what is listed.
  const methods = new Set([
    ...["GET", "HEAD", "POST"],
    ...unique(options.methods, normalizeMethod),
  ]);
  const anyMethod = methods.has("*");

  const shared = field(
    "Access-Control-Allow-Credentials",
    credentials ? ["true"] : [],
  );
  const base = [
    ...shared,
    ...field("Access-Control-Allow-Methods", anyMethod ? ["*"] : [...methods]),
  ];
  const lists = [...base, ...field("Access-Control-Allow-Headers", headers)];
  return {
    allow: compileOrigins(origins),
    // Fetch, "CORS protocol and HTTP caches": "*" is on every response, with Origin
    // or without, as a cache may reuse any. Otherwise it depends on the Origin.
    vary: origins.includes("*") ? undefined : VARY_ORIGIN,
    methods: anyMethod ? undefined : methods,
    checkHeaders: compileHeaders(headers),
    actual: [
      ...shared,
      ...field(
        "Access-Control-Expose-Headers",
        exposed.filter((name) => !isReadable(name)),
      ),
    ],
    preflight: [...lists, ...field("Access-Control-Max-Age", [`${maxAge}`])],
    // Where "*" fails, it fails for Authorization, which Chromium would then send.
    explanations: debug
      ? { method: lists, headers: headers.includes("*") ? base : lists }
      : {},
    onReject,
  };
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
