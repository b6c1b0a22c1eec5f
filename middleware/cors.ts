/**
 * Lets pages of other origins use the API: exactly those that are configured.
 *
 * CORS is a promise to browsers
 * ({@link https://fetch.spec.whatwg.org/#http-cors-protocol | Fetch, CORS protocol}):
 * which pages may read an answer, and send what a plain form could not. It is no
 * firewall. A request from a refused origin runs, only its page cannot read the
 * answer: whoever must not call the API is kept out by authentication.
 *
 * Regular expressions, callbacks, and lists that echo what a request asks for are
 * not offered: nobody can check them when the server starts.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";
import { createPolicy, type Policy } from "./cors/policy.ts";
import { answerPreflight } from "./cors/preflight.ts";
import { type CorsRejection, reject } from "./cors/rejection.ts";
import { mergeVary, VARY_OPTIONS } from "./cors/vary.ts";

export { CorsConfigError, type CorsIssue } from "./cors/error.ts";
export { originMatcher } from "./cors/origins.ts";
export type { CorsRejection };

/** Options for {@linkcode cors}. */
export interface CorsOptions {
  /**
   * Origins to let in, as browsers send them: `https://app.example.com`. In
   * `https://*.example.com` the `*` stands for one or more labels, in
   * `http://localhost:*` for any port (loopback hosts only). `"*"` lets in every
   * origin, an empty list none.
   */
  readonly origins: "*" | readonly string[];
  /**
   * Methods to allow beyond GET, HEAD and POST, which browsers always allow.
   *
   * @default {[]}
   */
  readonly methods?: "*" | readonly string[];
  /**
   * Request headers to allow. `"*"` does not cover `Authorization`,
   * `["*", "authorization"]` does.
   *
   * @default {[]}
   */
  readonly headers?: "*" | readonly string[];
  /**
   * Response headers that pages may read, beyond the few they always may.
   *
   * @default {[]}
   */
  readonly exposeHeaders?: "*" | readonly string[];
  /**
   * Whether cookies may come along, and other credentials that a browser adds. A
   * token that a script puts into `Authorization` is none of them.
   *
   * @default {false}
   */
  readonly credentials?: boolean;
  /**
   * Seconds for which browsers may keep the answer to a preflight, an integer from
   * 0 to 86400. All of them honour the default in full.
   *
   * @default {600}
   */
  readonly maxAge?: number;
  /**
   * Whether a preflight that fails for its method or headers is told what is
   * allowed, so that the browser's console can name the cause.
   *
   * @default {false}
   */
  readonly debug?: boolean;
  /** Receives each refusal. It is not awaited, and what it throws is dropped. */
  readonly onReject?: (rejection: CorsRejection) => void;
  /**
   * Allows credentials from origins that are neither `https` nor loopback.
   *
   * @default {false}
   */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  /**
   * Allows credentials from subdomains that are not named one by one.
   *
   * @default {false}
   */
  readonly dangerouslyAllowSubdomainsWithCredentials?: boolean;
}

/**
 * Creates a layer that answers preflights and decorates all other answers.
 *
 * Place it outside the layer that turns errors into responses. An error that comes
 * up through this layer is thrown on, and whatever answers for it further out has
 * no CORS headers: the page then sees a failure of CORS in place of the 500.
 *
 * The layer owns `Access-Control-*`: what comes from below is removed. So is
 * `Timing-Allow-Origin`, which follows the decision, so that a page that may read
 * an answer may read its `Server-Timing` too.
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
 * @param options What to allow. It is read once: a later change has no effect.
 * @returns The layer.
 * @throws {CorsConfigError} If options are wrong. The error names all that are.
 */
export function cors(options: CorsOptions): Middleware {
  const policy = createPolicy(options);

  return async function cors(request, next): Promise<Response> {
    const origin = request.headers.get("Origin");
    const isOptions = request.method === "OPTIONS";
    if (isOptions && origin !== null) {
      // Fetch, "HTTP requests": OPTIONS, Origin and this header make a preflight.
      // Any other OPTIONS is a request of its own that a route may answer.
      const method = request.headers.get("Access-Control-Request-Method");
      if (method !== null) {
        return answerPreflight(policy, request, origin, method);
      }
    }

    const allowed = policy.allow(origin);
    judge(policy, request, origin, allowed);
    const response = await next();

    return withHeaders(response, (headers) => {
      const present = clear(headers);
      // Fetch, "CORS protocol and HTTP caches". OPTIONS is not cacheable (RFC 9110,
      // section 9.3.7), but a CDN caches it when told to, with preflights beside it.
      const vary = isOptions ? VARY_OPTIONS : policy.vary;
      if (vary !== undefined) mergeVary(headers, present, vary);
      if (allowed === undefined) return;
      headers.set("Access-Control-Allow-Origin", allowed);
      headers.set("Timing-Allow-Origin", allowed);
      for (const [name, value] of policy.actual) headers.set(name, value);
    });
  };
}

// Fetch, "HTTP responses" and "TAO check": what the layers below have no say in. Two
// values of one field would make every browser refuse. On the way through, the `Vary`
// that is there is found.
function clear(headers: Headers): string | undefined {
  const foreign: string[] = [];
  let vary: string | undefined;
  headers.forEach((value, name) => {
    if (name === "vary") vary = value;
    const isOurs = name.startsWith("access-control-") ||
      name === "timing-allow-origin";
    if (isOurs) foreign.push(name);
  });
  for (const name of foreign) headers.delete(name);
  return vary;
}

function judge(
  policy: Policy,
  request: Request,
  origin: string | null,
  allowed: string | undefined,
): void {
  if (origin === null) return;
  if (allowed !== undefined) {
    requestState(request).cors = "allowed";
    return;
  }
  // Fetch, "Origin header": a page of this very origin sends it too, with POST.
  const { url } = request;
  if (url.startsWith(`${origin}/`) && URL.parse(url)?.origin === origin) return;
  requestState(request).cors = "refused";
  reject(policy.onReject, "actual", origin, ["origin", origin]);
}
