/**
 * Limits the number of requests of each client.
 *
 * @module
 */

import { pathOf } from "../http/path_of.ts";
import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode rateLimit}. */
export interface RateLimitOptions {
  /** Requests that a client may send in one burst, and in each window. */
  requests: number;
  /** Length of the window. */
  seconds: number;
  /** Paths that are not counted, such as those of health checks. */
  except?: readonly string[];
}

// The client that called least recently is forgotten.
const MAX_CLIENTS = 10_000;

/** The tokens of a client, as of a time. */
interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Creates middleware that gives each client a bucket of tokens. A request takes one;
 * they come back evenly over the window. An empty bucket is a 429.
 *
 * `RateLimit` and `RateLimit-Policy` report what is left, and when there is more
 * ({@link https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ | RateLimit fields}).
 *
 * Each process counts for itself, so several processes allow several times as much.
 * Behind a proxy all requests come from one address unless `PROXY_HOPS` is set.
 *
 * Place it outside of `errors()`, so that error responses have its headers too.
 * Therefore it returns its 429 instead of throwing it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose(
 *   [rateLimit({ requests: 1, seconds: 60 })],
 *   () => new Response("hello"),
 * );
 * const request = new Request("http://localhost/");
 *
 * const response = await serve(request);
 * assertEquals(response.headers.get("RateLimit"), '"default";r=0;t=60');
 * assertEquals((await serve(request)).status, 429);
 * ```
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { requests, seconds, except = [] } = options;
  const policy = `"default";q=${requests};w=${seconds}`;
  const buckets = new Map<string, Bucket>();

  function bucketOf(client: string): Bucket {
    const at = performance.now();
    const before = buckets.get(client) ?? { tokens: requests, at };
    const refill = ((at - before.at) / 1000) * requests / seconds;
    const bucket = { tokens: Math.min(requests, before.tokens + refill), at };
    // Delete and set: a Map keeps its order, so the first called least recently.
    buckets.delete(client);
    buckets.set(client, bucket);
    if (buckets.size > MAX_CLIENTS) {
      buckets.delete(buckets.keys().next().value!);
    }
    return bucket;
  }

  return async function rateLimit(request, next): Promise<Response> {
    if (except.includes(pathOf(request.url))) return await next();
    const { client, id, publicUrl } = requestState(request);
    const bucket = bucketOf(client);
    // A client that waited for Retry-After may have a hair less than 1: fractions.
    const allowed = bucket.tokens > 1 - 1e-6;
    if (allowed) bucket.tokens = Math.max(0, bucket.tokens - 1);
    const whole = Math.floor(bucket.tokens);
    // Until there is one more. Where there is none, a client has to wait as long.
    const wait = Math.ceil((whole + 1 - bucket.tokens) * seconds / requests);
    const left = `"default";r=${whole};t=${wait}`;

    const response = allowed
      ? await next()
      : tooMany(options, wait).toResponse(id, publicUrl);
    return withHeaders(response, (headers) => {
      // That of another cause may be earlier than `t`, which the draft rules out.
      if (allowed && headers.has("Retry-After")) return;
      headers.set("RateLimit", left);
      headers.set("RateLimit-Policy", policy);
    });
  };
}

function tooMany(options: RateLimitOptions, wait: number): Problem {
  const { requests, seconds } = options;
  const unit = requests === 1 ? "request" : "requests";
  return new Problem(
    "too-many-requests",
    `The limit is ${requests} ${unit} in ${seconds} s: retry after ${wait} s`,
    { headers: { "Retry-After": String(wait) } },
  );
}
