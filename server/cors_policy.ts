/**
 * The CORS policy of the API: what its own routes need, and what is configured.
 *
 * @module
 */

import type { CorsOptions } from "../middleware/cors.ts";

/** The settings that {@linkcode corsPolicy} uses. */
export interface CorsSettings {
  /** `development` has the playground, and explains preflights that fail. */
  readonly appMode: "production" | "development";
  /** Origins whose pages may read responses; `*` is every page. */
  readonly allowedOrigins: readonly string[];
  /** Whether these pages may send cookies and read the response. */
  readonly corsCredentials: boolean;
  /** Methods that pages may use besides those of the API. */
  readonly corsMethods: readonly string[];
  /** Request headers that pages may send besides those of the API. */
  readonly corsHeaders: readonly string[];
  /** Response headers that pages may read besides those of the API. */
  readonly corsExposeHeaders: readonly string[];
  /** Seconds for which browsers may cache a preflight. */
  readonly corsMaxAge: number;
}

/** The environment variable of each option, for messages. */
export const CORS_VARIABLES: Readonly<Record<string, string>> = {
  origins: "ALLOWED_ORIGINS",
  methods: "CORS_METHODS",
  headers: "CORS_HEADERS",
  exposeHeaders: "CORS_EXPOSE_HEADERS",
};

const HEADERS = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "If-None-Match",
  "Last-Event-ID",
  "X-Request-Id",
  "traceparent",
  "tracestate",
];
const EXPOSED = [
  "ETag",
  "Link",
  "Location",
  "RateLimit",
  "RateLimit-Policy",
  "Retry-After",
  "Server-Timing",
  "X-App-Version",
  "X-Handled-By",
  "X-Process-Time",
  "X-Request-Id",
];

/**
 * Creates the options of `cors()` for the API, which are not checked yet.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { readConfig } from "./config.ts";
 *
 * const env = new Map([["CORS_METHODS", "PUT"], ["CORS_HEADERS", "*"]]);
 * const policy = corsPolicy(readConfig((name) => env.get(name)));
 *
 * assertEquals(policy.methods, ["PATCH", "DELETE", "PUT"]);
 * assertEquals(policy.headers, ["authorization", "*"]);
 * ```
 */
export function corsPolicy(settings: CorsSettings): CorsOptions {
  return {
    origins: settings.allowedOrigins,
    methods: add(settings.corsMethods, ["PATCH", "DELETE"]),
    // "*" does not cover Authorization.
    headers: add(settings.corsHeaders, HEADERS, ["authorization"]),
    exposeHeaders: add(settings.corsExposeHeaders, EXPOSED),
    credentials: settings.corsCredentials,
    maxAge: settings.corsMaxAge,
    debug: settings.appMode === "development",
  };
}

// "*" covers the names of the API.
function add(
  configured: readonly string[],
  own: readonly string[],
  uncovered: readonly string[] = [],
): string[] {
  return [...(configured.includes("*") ? uncovered : own), ...configured];
}
