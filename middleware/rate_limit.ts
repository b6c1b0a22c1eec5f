/**
 * Limits how often a client may call.
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
  /** Requests that a client may send at once, and in each window. */
  requests: number;
  /** Length of the window in seconds. */
  seconds: number;
  /**
   * Tells which paths are not counted, such as those of health checks.
   *
   * @default {() => false}
   */
  isOpen?: (path: string) => boolean;
  /**
   * Clients that are remembered. The one that was silent longest is forgotten.
   *
   * @default {10_000}
   */
  clients?: number;
  /**
   * Clock that returns milliseconds. Tests pass a fixed one.
   *
   * @default {performance.now}
   */
  now?: () => number;
}

/** What a client has left, as it was at a time. */
interface Bucket {
  tokens: number;
  at: number;
}

/**
 * Creates a layer that gives each client a bucket of tokens. A request takes one;
 * they come back evenly over the window. An empty bucket is answered with 429.
 *
 * What is left is told in `RateLimit` and `RateLimit-Policy`
 * ({@link https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/ | RateLimit fields}).
 *
 * Each process counts for itself: several processes let through several times as
 * much. Who a client is, `http/client_address.ts` says: behind a proxy, all requests
 * come from one address unless `PROXY_HOPS` says how many proxies are ours.
 *
 * Place it outside of the layer that turns errors into responses: what is left then
 * stands on these, too. So it does not throw its problem, but answers with it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose(
 *   [rateLimit({ requests: 1, seconds: 60, now: () => 0 })],
 *   () => new Response("hello"),
 * );
 * const request = new Request("http://localhost/");
 *
 * const response = await serve(request);
 * assertEquals(response.headers.get("RateLimit"), '"default";r=0;t=60');
 * assertEquals((await serve(request)).status, 429);
 * ```
 *
 * @param options How often, and how many clients.
 * @returns The layer.
 */
export function rateLimit(options: RateLimitOptions): Middleware {
  const { requests, seconds, clients = 10_000 } = options;
  const { now = () => performance.now(), isOpen = () => false } = options;
  const policy = `"default";q=${requests};w=${seconds}`;
  const buckets = new Map<string, Bucket>();

  function refill(ms: number): number {
    return (ms / 1000) * requests / seconds;
  }

  function bucketOf(client: string): Bucket {
    const time = now();
    const { tokens, at } = buckets.get(client) ??
      { tokens: requests, at: time };
    const bucket = {
      tokens: Math.min(requests, tokens + refill(time - at)),
      at: time,
    };
    // Delete and set: a Map keeps its order, so the first was silent longest.
    buckets.delete(client);
    buckets.set(client, bucket);
    if (buckets.size > clients) buckets.delete(buckets.keys().next().value!);
    return bucket;
  }

  return async function rateLimit(request, next): Promise<Response> {
    if (isOpen(pathOf(request.url))) return await next();
    const { client, id } = requestState(request);
    const bucket = bucketOf(client);
    // Fractions add up to a hair less than 1, and who waited as told gets in.
    const allowed = bucket.tokens > 1 - 1e-6;
    if (allowed) bucket.tokens = Math.max(0, bucket.tokens - 1);
    const full = Math.ceil((requests - bucket.tokens) * seconds / requests);
    const left = `"default";r=${Math.floor(bucket.tokens)};t=${full}`;
    const wait = Math.ceil((1 - bucket.tokens) * seconds / requests);

    const response = allowed
      ? await next()
      : tooMany(options, wait).toResponse(id);
    return withHeaders(response, (headers) => {
      headers.set("RateLimit", left);
      headers.set("RateLimit-Policy", policy);
    });
  };
}

function tooMany(
  { requests, seconds }: RateLimitOptions,
  wait: number,
): Problem {
  const unit = requests === 1 ? "request" : "requests";
  return new Problem(
    "too-many-requests",
    `Cannot answer more than ${requests} ${unit} in ${seconds} s`,
    { headers: { "Retry-After": String(wait) } },
  );
}
