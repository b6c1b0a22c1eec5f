/**
 * Lets pages of configured origins use the API, and no others.
 *
 * CORS is a promise to browsers
 * ({@link https://fetch.spec.whatwg.org/#http-cors-protocol | Fetch, CORS protocol}):
 * which pages may read a response, and send what a plain form could not. It is no
 * firewall: a request from a refused origin runs, only its page cannot read the
 * response. Use authentication to keep callers out.
 *
 * Regular expressions, callbacks and reflected lists are not offered: nothing could
 * check them when the server starts.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";
import type { CorsOptions } from "./cors/options.ts";
import { createPolicy } from "./cors/policy.ts";
import { respondToPreflight, VARY_OPTIONS } from "./cors/preflight.ts";
import { reject } from "./cors/rejection.ts";

export { CorsConfigError, type CorsIssue } from "./cors/error.ts";
export type { CorsRejection } from "./cors/rejection.ts";
export type { CorsOptions };

const OWNED = /^(access-control-.*|timing-allow-origin)$/;

/**
 * Creates a middleware that responds to preflights and adds CORS headers to all
 * other responses.
 *
 * Place it outside the middleware that turns errors into responses. An error that
 * passes through it gets no CORS headers, and the page sees a CORS failure instead
 * of the 500.
 *
 * It owns `Access-Control-*` and removes what was set further in. It also sets
 * `Timing-Allow-Origin`: a page that may read a response may read its
 * `Server-Timing`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const origin = "https://app.example.com";
 * const serve = compose(
 *   [cors({ origins: [origin], methods: ["PUT"] })],
 *   () => new Response("hello"),
 * );
 *
 * const response = await serve(
 *   new Request("http://localhost/", { headers: { Origin: origin } }),
 * );
 * assertEquals(response.headers.get("Access-Control-Allow-Origin"), origin);
 * ```
 *
 * @param options What to allow. They are read once: a later change has no effect.
 * @throws {CorsConfigError} If options are invalid. It lists all that are.
 */
export function cors(options: CorsOptions): Middleware {
  const policy = createPolicy(options);

  return async function cors(request, next): Promise<Response> {
    const origin = request.headers.get("Origin");
    const isOptions = request.method === "OPTIONS";
    if (isOptions && origin !== null) {
      // Fetch, "HTTP requests": OPTIONS, Origin and this header make a preflight.
      // Any other OPTIONS is for the routes.
      const method = request.headers.get("Access-Control-Request-Method");
      if (method !== null) {
        return respondToPreflight(policy, request, origin, method);
      }
    }

    const allowed = policy.allow(origin);
    if (origin !== null && allowed !== undefined) {
      requestState(request).cors = "allowed";
    } else if (origin !== null && !isOwnHost(request, origin)) {
      reject(policy.onReject, request, "actual", ["origin", origin]);
    }
    const response = await next();

    return withHeaders(response, (headers) => {
      const present = clear(headers);
      // Fetch, "CORS protocol and HTTP caches". OPTIONS is not cacheable (RFC 9110,
      // section 9.3.7), but CDNs can be told to cache it, along with preflights.
      const vary = isOptions ? VARY_OPTIONS : policy.vary;
      if (vary !== undefined) mergeVary(headers, present, vary);
      if (allowed === undefined) return;
      headers.set("Access-Control-Allow-Origin", allowed);
      headers.set("Timing-Allow-Origin", allowed);
      for (const [name, value] of policy.actual) headers.set(name, value);
    });
  };
}

// Removes CORS headers that were set further in: browsers refuse two values of one
// field (Fetch, "HTTP responses" and "TAO check"). Returns the `Vary` it passes.
function clear(headers: Headers): string | undefined {
  const foreign: string[] = [];
  let vary: string | undefined;
  headers.forEach((value, name) => {
    if (name === "vary") vary = value;
    if (OWNED.test(name)) foreign.push(name);
  });
  for (const name of foreign) headers.delete(name);
  return vary;
}

// Adds names to the present `Vary` (RFC 9110, section 12.5.5).
function mergeVary(
  headers: Headers,
  present: string | undefined,
  names: string,
): void {
  if (present === undefined) return headers.set("Vary", names);

  // Field names are case-insensitive (RFC 9110, section 5.1). The first spelling stays.
  const merged = new Map<string, string>();
  // RFC 9110, section 5.6.3: trim() would remove a no-break space, too.
  for (const name of `${present}, ${names}`.split(/[ \t]*,[ \t]*/)) {
    const key = name.toLowerCase();
    if (name !== "" && !merged.has(key)) merged.set(key, name);
  }
  if (merged.has("*")) return; // It covers every name.
  headers.set("Vary", [...merged.values()].join(", "));
}

// Fetch, "Origin header": pages of this very host send it too, with POST. Behind a
// TLS proxy their scheme differs from the request's.
function isOwnHost({ headers, url }: Request, origin: string): boolean {
  const at = origin.indexOf("://");
  const host = at === -1 ? "" : origin.slice(at + 3);
  const own = headers.get("Host") ?? url.slice(url.indexOf("://") + 3);
  return host !== "" && own.startsWith(host) &&
    URL.parse(origin.slice(0, at + 3) + own)?.origin === origin;
}

/**
 * Creates a function that checks an origin against a list, by the rules of `cors()`.
 * Use it for WebSocket handshakes, which CORS does not cover, and against forged
 * requests.
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const isAllowed = originMatcher(["https://*.example.com"]);
 *
 * assert(isAllowed("https://app.example.com"));
 * assertFalse(isAllowed("https://app.example.com.evil.example"));
 * assertFalse(isAllowed(null));
 * ```
 *
 * @param origins Origins to allow, as in the options of `cors()`.
 * @param options As in the options of `cors()`.
 * @returns The function. It takes the `Origin` of a request, `null` for none.
 * @throws {CorsConfigError} If an origin is invalid. It lists all that are.
 */
export function originMatcher(
  origins: CorsOptions["origins"],
  options: Pick<CorsOptions, "dangerouslyAllowPublicSuffixes"> = {},
): (origin: string | null) => boolean {
  const { allow } = createPolicy({ ...options, origins });
  return (origin) => allow(origin) !== undefined;
}
