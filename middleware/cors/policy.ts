/**
 * Computes what does not depend on the request.
 *
 * @module
 */

import { normalizeMethod } from "./names.ts";
import { type CorsOptions, readOptions } from "./options.ts";
import { compileOrigins } from "./origins.ts";
import type { CorsRejection } from "./rejection.ts";

/** Names and values of header fields. */
export type Fields = readonly (readonly [name: string, value: string])[];

/** The options of `cors()`, ready for requests. */
export interface Policy {
  /** Returns the `Access-Control-Allow-Origin` for an origin, if it is allowed. */
  readonly allow: (origin: string | null) => string | undefined;
  /** What actual responses depend on, if on anything. */
  readonly vary: string | undefined;
  /** The allowed methods, `undefined` for every method that browsers send. */
  readonly methods: ReadonlySet<string> | undefined;
  /** The allowed request headers, in lower case. `*` is all but `authorization`. */
  readonly headers: ReadonlySet<string>;
  /** Further fields of an actual response. */
  readonly actual: Fields;
  /** Further fields of the response to a preflight that passes. */
  readonly preflight: Fields;
  /** In debug mode, the same for preflights that fail. */
  readonly explanations: Partial<Record<CorsRejection["reason"], Fields>>;
  /** As in the options. */
  readonly onReject: CorsOptions["onReject"] | undefined;
}

// Fetch, "CORS-safelisted response-header name": pages may read them anyway.
const READABLE =
  /^(cache-control|content-(language|length|type)|expires|last-modified|pragma)$/;

/** Creates the policy for options, or throws every error in them. */
export function createPolicy(given: CorsOptions): Policy {
  const options = readOptions(given);
  const { origins, credentials, maxAge = 600, debug, onReject } = options;
  const listed = Array.from(options.methods ?? [], normalizeMethod);
  const methods = listed.includes("*")
    ? undefined
    // Browsers allow these three anyway, but only cache what is listed.
    : new Set(["GET", "HEAD", "POST", ...listed]);
  const headers = namesOf(options.headers);
  const exposed = namesOf(options.exposeHeaders)
    .filter((name) => !READABLE.test(name));

  const allowCredentials = credentials ? "true" : "";
  const lists = {
    "Access-Control-Allow-Credentials": allowCredentials,
    "Access-Control-Allow-Methods": methods ? [...methods].join() : "*",
    "Access-Control-Allow-Headers": headers.join(),
  };
  // Where "*" fails, it fails for Authorization, which Chromium would then send.
  const named = headers.filter((name) => name !== "*").join();
  const explanations = {
    method: fieldsOf(lists),
    headers: fieldsOf({ ...lists, "Access-Control-Allow-Headers": named }),
  };
  return {
    allow: compileOrigins(origins),
    // Fetch, "CORS protocol and HTTP caches": "*" is on every response, with Origin
    // or without, as a cache may reuse any. Otherwise it depends on the Origin.
    vary: origins.includes("*") ? undefined : "Origin",
    methods,
    headers: new Set(headers),
    actual: fieldsOf({
      "Access-Control-Allow-Credentials": allowCredentials,
      "Access-Control-Expose-Headers": exposed.join(),
    }),
    preflight: fieldsOf({ ...lists, "Access-Control-Max-Age": `${maxAge}` }),
    explanations: debug ? explanations : {},
    onReject,
  };
}

function namesOf(list: "*" | readonly string[] = []): string[] {
  return [...new Set(Array.from(list, (name) => name.toLowerCase()))].sort();
}

// RFC 9110, section 5.6.1.1: a sender generates no empty elements.
function fieldsOf(values: Readonly<Record<string, string>>): Fields {
  return Object.entries(values).filter(([, value]) => value !== "");
}
