/**
 * Reads the configuration from the environment, once, at start.
 *
 * @module
 */

import deno from "../deno.json" with { type: "json" };
import { LOG_LEVELS, type LogLevel } from "./log.ts";
import { cors, type CorsConfigError } from "../middleware/cors.ts";
import {
  CORS_VARIABLES,
  corsPolicy,
  type CorsSettings,
} from "./cors_policy.ts";

/** The settings. `.env.example` explains the variable of each. */
export interface Config extends CorsSettings {
  /** Address to listen on. */
  readonly host: string;
  /** Port to listen on; 0 picks a free one. */
  readonly port: number;
  /** Hosts that are served: names, `*.example.com`, or `*`. */
  readonly allowedHosts: readonly string[];
  /** Name in `X-Handled-By`. */
  readonly appName: string;
  /** Version in `X-App-Version`. */
  readonly appVersion: string;
  /** Where clients reach the API behind a proxy, without a slash at the end, or `""`. */
  readonly publicUrl: string;
  /** Argument of `Deno.openKv()`; `undefined` is the database attached on Deploy. */
  readonly kvPath: string | undefined;
  /** Lowest level of the log. */
  readonly logLevel: LogLevel;
  /** Format of the log; `undefined` is text on a terminal and JSON elsewhere. */
  readonly logFormat: "text" | "json" | undefined;
  /** Whether a log line of a request has the address of its client. */
  readonly logClient: boolean;
  /** Maximum size of a request body, in bytes. */
  readonly bodyLimit: number;
  /** Deadline of a request, in milliseconds. */
  readonly requestTimeoutMs: number;
  /** Deadline of a call to the store, in milliseconds. */
  readonly storeTimeoutMs: number;
  /** Requests that a client may send in a number of seconds. */
  readonly rateLimit: { requests: number; seconds: number } | undefined;
  /** Number of trusted proxies in front of the server. */
  readonly proxyHops: number;
  /** SHA-256 of each accepted bearer token, in lower-case hex; empty accepts everyone. */
  readonly apiTokens: readonly string[];
  /** Whether Deno exports traces. */
  readonly telemetry: boolean;
  /** Whether responses carry security headers. */
  readonly securityHeaders: boolean;
  /** Whether browsers get the first resource, live, at `/`. */
  readonly homePage: boolean;
}

/** Looks up an environment variable. */
export type Env = (name: string) => string | undefined;

const APP_MODES = ["production", "development"] as const;
const LOG_FORMATS = ["text", "json"] as const;
const HOUR = 3_600_000;
// RFC 6761, 6.3, RFC 1122, 3.2.1.3 and RFC 4291, 2.5.3.
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1)$/;
const LOOPBACK_HOSTS = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];

/** Invalid configuration. */
export class ConfigError extends Error {
  /** Every problem, each with the value to write instead. */
  readonly problems: readonly string[];

  /**
   * Constructs a new instance.
   *
   * @param problems Every problem, each with the value to write instead.
   */
  constructor(problems: readonly string[]) {
    super(`Invalid configuration:\n  ${problems.join("\n  ")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/**
 * Reads the configuration. Every variable is optional; an empty one counts as unset.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * assertEquals(readConfig(() => undefined).port, 8000);
 *
 * const env = new Map([["PORT", "80a"], ["LOG_LEVEL", "loud"]]);
 * const error = assertThrows(() => readConfig((name) => env.get(name)), ConfigError);
 * assertEquals(error.problems, [
 *   'PORT is "80a": write a whole number from 0 to 65535',
 *   'LOG_LEVEL is "loud": write debug, info, warn or error',
 * ]);
 * ```
 *
 * @throws {ConfigError} If a value is invalid, with every problem.
 */
export function readConfig(env: Env): Config {
  const read = new Reader(env);
  const onDeploy = env("DENO_DEPLOYMENT_ID") !== undefined;
  const port = read.integer("PORT", 8000, 0, 65_535);
  const appMode = read.oneOf("APP_MODE", APP_MODES) ?? "production";

  const host = read.text("HOST") ?? (onDeploy ? "0.0.0.0" : "127.0.0.1");
  const apiTokens = read.hashes("API_TOKENS");
  const isPrivate = LOOPBACK.test(host) && apiTokens.length === 0;

  const config: Config = {
    host,
    port,
    allowedHosts: read.hosts("ALLOWED_HOSTS") ??
      (isPrivate ? LOOPBACK_HOSTS : ["*"]),
    appName: read.headerValue("APP_NAME") ?? "tasks-api",
    appVersion: read.headerValue("APP_VERSION") ?? deno.version,
    appMode,
    allowedOrigins: read.origins("ALLOWED_ORIGINS") ??
      (appMode === "development" ? [loopbackTwin(port)] : []),
    corsCredentials: read.flag("CORS_CREDENTIALS"),
    corsMethods: read.list("CORS_METHODS") ?? [],
    corsHeaders: read.list("CORS_HEADERS") ?? [],
    corsExposeHeaders: read.list("CORS_EXPOSE_HEADERS") ?? [],
    corsMaxAge: read.integer("CORS_MAX_AGE", 600, 0, 86_400),
    publicUrl: read.publicUrl("PUBLIC_URL"),
    kvPath: read.storePath("KV_PATH") ??
      (onDeploy ? undefined : "data/tasks.sqlite3"),
    logLevel: read.oneOf("LOG_LEVEL", LOG_LEVELS) ?? "info",
    logFormat: read.oneOf("LOG_FORMAT", LOG_FORMATS),
    logClient: read.flag("LOG_CLIENT", true),
    bodyLimit: read.integer("BODY_LIMIT", 65_536, 1, 2 ** 30),
    requestTimeoutMs: read.integer("REQUEST_TIMEOUT_MS", 10_000, 1, HOUR),
    storeTimeoutMs: read.integer("STORE_TIMEOUT_MS", 5_000, 1, HOUR),
    rateLimit: read.rateLimit("RATE_LIMIT"),
    proxyHops: read.integer("PROXY_HOPS", 0, 0, 10),
    apiTokens,
    // On Deploy, telemetry is enabled in the settings of the app.
    telemetry: onDeploy || /^(?:true|1)$/.test(env("OTEL_DENO") ?? ""),
    securityHeaders: read.flag("SECURITY_HEADERS"),
    homePage: read.flag("HOME_PAGE", appMode === "development"),
  };
  read.checkCors(config);
  if (read.problems.length > 0) throw new ConfigError(read.problems);
  return Object.freeze(config);
}

/** The origin from which the playground calls `localhost`: the same server. */
function loopbackTwin(port: number): string {
  if (port === 0) return "http://127.0.0.1:*";
  // Browsers omit port 80.
  return new URL(`http://127.0.0.1:${port}`).origin;
}

/** Reads values of each kind, and collects the problems. */
class Reader {
  readonly problems: string[] = [];
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  text(name: string): string | undefined {
    return this.#env(name)?.trim() || undefined;
  }

  storePath(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || /^(?::memory:$|https?:\/\/)/.test(value)) {
      return value;
    }
    // A URL can contain a password, so it is not repeated.
    const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(value) ?? [];
    if (scheme !== undefined) {
      this.problems.push(
        `${name} begins with "${scheme}:": write a path, :memory:, or the http(s) URL of a KV Connect server`,
      );
    } else if (value.includes(",")) {
      this.#complain(
        name,
        value,
        "write a path without a comma, which would end it in a permission flag",
      );
    }
    return value;
  }

  headerValue(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || /^[\x20-\x7e]+$/.test(value)) return value;
    this.#complain(name, value, "write printable ASCII, since it is a header");
  }

  publicUrl(name: string): string {
    const value = this.text(name);
    if (value === undefined) return "";
    const { origin, pathname, href } = URL.parse(value) ?? new URL("a:");
    if (origin + pathname !== href) {
      // It can contain a password, so it is not repeated.
      this.problems.push(
        `${name} is not an address: write one such as "https://example.com/api"`,
      );
    }
    return href.replace(/\/$/, "");
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const value = this.text(name);
    if (value === undefined) return fallback;
    const number = /^\d{1,15}$/.test(value) ? Number(value) : NaN;
    if (number >= min && number <= max) return number;
    this.#complain(name, value, `write a whole number from ${min} to ${max}`);
    return fallback;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const value = this.text(name);
    const known = values.find((candidate) => candidate === value);
    if (value !== undefined && known === undefined) {
      const last = values.length - 1;
      const others = values.slice(0, last).join(", ");
      this.#complain(name, value, `write ${others} or ${values[last]}`);
    }
    return known;
  }

  flag(name: string, fallback = false): boolean {
    const value = this.oneOf(name, ["true", "false"]);
    return value === undefined ? fallback : value === "true";
  }

  list(name: string): string[] | undefined {
    return this.text(name)?.split(",").map((item) => item.trim())
      .filter((item) => item !== "");
  }

  hosts(name: string): string[] | undefined {
    const hosts = this.list(name)?.map((host) => host.toLowerCase());
    for (const host of hosts ?? []) {
      if (/^(?:\*|(?:\*\.)?[\w.-]+|\[[\da-f:.]+\])$/.test(host)) continue;
      const cure = 'write names without a port, such as "api.example.com"';
      this.#complain(name, host, cure);
    }
    return hosts;
  }

  hashes(name: string): string[] {
    const list = this.list(name);
    // Only commas: not the same as unset, which accepts everyone.
    const hashes = list?.length === 0 ? [""] : list ?? [];
    for (const hash of hashes) {
      if (/^[0-9a-f]{64}$/.test(hash)) continue;
      // It can be a token in place of its hash, so it is not repeated.
      this.problems.push(
        `${name} has an entry that is no SHA-256: write 64 lower-case hex digits, as "printf %s TOKEN | sha256sum" gives them`,
      );
    }
    return hashes;
  }

  rateLimit(name: string): Config["rateLimit"] {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const [, requests, seconds] =
      /^([1-9]\d{0,8})\/([1-9]\d{0,5})$/.exec(value) ?? [];
    if (requests !== undefined) {
      return { requests: Number(requests), seconds: Number(seconds) };
    }
    this.#complain(name, value, 'write requests/seconds, such as "100/60"');
  }

  origins(name: string): Config["allowedOrigins"] | undefined {
    const origins = this.list(name);
    return origins?.join() === "*" ? "*" : origins;
  }

  /** Takes the problems of the policy from cors(), in its words. */
  checkCors(config: Config): void {
    try {
      cors(corsPolicy(config));
    } catch (error) {
      for (const { path, message } of (error as CorsConfigError).issues) {
        const [option = ""] = path.split(".");
        this.problems.push(`${CORS_VARIABLES[option]}: ${message}`);
      }
    }
  }

  #complain(name: string, value: string, cure: string): void {
    this.problems.push(`${name} is ${JSON.stringify(value)}: ${cure}`);
  }
}
