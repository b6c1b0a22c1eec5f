/**
 * Reads the configuration from the environment, once, at start.
 *
 * @module
 */

import deno from "../deno.json" with { type: "json" };
import { LOG_LEVELS, type LogLevel } from "./log.ts";
import { cors, type CorsConfigError } from "../middleware/cors.ts";
import { isFile } from "../store/open_kv.ts";
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
  /** URL or e-mail address of the operator, for the documentation. */
  readonly contact: string | undefined;
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

const HOUR = 3_600_000;
/** These can have a password or a token, and are not repeated. */
const SECRETS = ["PUBLIC_URL", "KV_PATH", "API_TOKENS"];
// It is written into headers, within "<" and ">" in `Link`.
const ADDRESS = /^https?:\/\/[\w.~!$&'()*+,;=:%/[\]-]+$/;
const ADDRESS_CURE = 'write an address such as "https://example.com/api"';
const CONTACT = /^(?:https?:\/\/|[^\s@]+@)[^\s@]+$/;
const CONTACT_CURE = "write a URL or an e-mail address";
const HASHES = /^(?:[0-9a-f]{64}(?:\s*,[\s,]*|$))+$/;
const HASHES_CURE =
  'write SHA-256 of tokens, each 64 lower-case hex digits, as "deno task token" prints them';
const HOSTS = /^(?:(?:\*|(?:\*\.)?[\w.-]+|\[[\da-f:.]+\])(?:\s*,[\s,]*|$))+$/i;
const HOSTS_CURE = 'write names without a port, such as "api.example.com"';
// RFC 6761, 6.3, RFC 1122, 3.2.1.3 and RFC 4291, 2.5.3.
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|::1)$/i;
const LOOPBACK_HOSTS = ["localhost", "*.localhost", "127.0.0.1", "[::1]"];

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
 * const error = assertThrows(() => readConfig((name) => env.get(name)), AggregateError);
 * assertEquals(error.errors, [
 *   'PORT is "80a": write a whole number from 0 to 65535',
 *   'LOG_LEVEL is "loud": write debug, info, warn or error',
 * ]);
 * ```
 *
 * @param folder Where a relative `KV_PATH` starts, with a slash at its end.
 * @throws {AggregateError} If values are invalid: each with what to write instead.
 */
export function readConfig(env: Env, folder = ""): Config {
  const read = new Reader(env);
  const onDeploy = read.text("DENO_DEPLOYMENT_ID") !== undefined;
  const port = read.integer("PORT", 8000, 0, 65_535);
  const appMode = read.oneOf("APP_MODE", ["production", "development"]) ??
    "production";
  const isDevelopment = appMode === "development";
  const kvPath = read.storePath("KV_PATH") ??
    (onDeploy ? undefined : "data/tasks.sqlite3");

  // Only URLs have brackets around an IPv6 address.
  const host = read.text("HOST")?.replace(/^\[(.*)\]$/, "$1") ??
    (onDeploy ? "0.0.0.0" : "127.0.0.1");
  const apiTokens = read.list("API_TOKENS", HASHES, HASHES_CURE) ?? [];
  const isPrivate = LOOPBACK.test(host) && apiTokens.length === 0;

  const config: Config = {
    host,
    port,
    allowedHosts: read.list("ALLOWED_HOSTS", HOSTS, HOSTS_CURE)
      ?.map((name) => name.toLowerCase()) ??
      (isPrivate ? LOOPBACK_HOSTS : ["*"]),
    appName: read.headerValue("APP_NAME") ?? "tasks-api",
    appVersion: read.headerValue("APP_VERSION") ?? deno.version,
    appMode,
    contact: read.text("APP_CONTACT", CONTACT, CONTACT_CURE),
    allowedOrigins: read.list("ALLOWED_ORIGINS") ??
      (isDevelopment ? [loopbackTwin(port)] : []),
    corsCredentials: read.flag("CORS_CREDENTIALS"),
    corsMethods: read.list("CORS_METHODS") ?? [],
    corsHeaders: read.list("CORS_HEADERS") ?? [],
    corsExposeHeaders: read.list("CORS_EXPOSE_HEADERS") ?? [],
    corsMaxAge: read.integer("CORS_MAX_AGE", 600, 0, 86_400),
    publicUrl: read.text("PUBLIC_URL", ADDRESS, ADDRESS_CURE)
      ?.replace(/\/+$/, "") ?? "",
    kvPath: isRelative(kvPath) ? folder + kvPath : kvPath,
    logLevel: read.oneOf("LOG_LEVEL", LOG_LEVELS) ?? "info",
    logFormat: read.oneOf("LOG_FORMAT", ["text", "json"]),
    logClient: read.flag("LOG_CLIENT", true),
    bodyLimit: read.integer("BODY_LIMIT", 65_536, 1, 2 ** 30),
    requestTimeoutMs: read.integer("REQUEST_TIMEOUT_MS", 10_000, 1, HOUR),
    storeTimeoutMs: read.integer("STORE_TIMEOUT_MS", 5_000, 1, HOUR),
    rateLimit: read.rateLimit("RATE_LIMIT"),
    proxyHops: read.integer("PROXY_HOPS", 0, 0, 10),
    apiTokens,
    // On Deploy, telemetry is enabled in the settings of the app.
    telemetry: /^(?:true|1)$/.test(read.text("OTEL_DENO") ?? "") || onDeploy,
    securityHeaders: read.flag("SECURITY_HEADERS"),
    homePage: read.flag("HOME_PAGE", isDevelopment),
  };
  const problems = [...read.problems, ...corsProblems(config)];
  if (problems.length === 0) return Object.freeze(config);
  const message = `Invalid configuration:\n  ${problems.join("\n  ")}`;
  throw new AggregateError(problems, message);
}

/** The origin from which the playground calls `localhost`: the same server. */
function loopbackTwin(port: number): string {
  if (port === 0) return "http://127.0.0.1:*";
  // Browsers omit port 80.
  return new URL(`http://127.0.0.1:${port}`).origin;
}

function isRelative(path: string | undefined): path is string {
  return isFile(path) && !/^(?:[/\\]|[a-z]:[/\\])/i.test(path);
}

/** Takes the problems of the policy from cors(), in its words. */
function corsProblems(config: Config): string[] {
  try {
    cors(corsPolicy(config));
    return [];
  } catch (error) {
    return (error as CorsConfigError).issues.map(({ path, message }) =>
      // No variable sets these options.
      `${CORS_VARIABLES[path.split(".")[0]!]}: ${message}`
        .replace(/set dangerously\w+/, "$& in server/cors_policy.ts")
    );
  }
}

/** Reads values of each kind, and collects the problems. */
class Reader {
  readonly problems: string[] = [];
  readonly #env: Env;

  constructor(env: Env) {
    this.#env = env;
  }

  text(name: string, pattern = /./, cure = ""): string | undefined {
    const value = this.#env(name)?.trim() || undefined;
    if (value === undefined || pattern.test(value)) return value;
    this.#complain(name, value, cure);
  }

  headerValue(name: string): string | undefined {
    const cure = "write printable ASCII, since it is a header";
    return this.text(name, /^[\x20-\x7e]+$/, cure);
  }

  storePath(name: string): string | undefined {
    return this.text(
      name,
      // A drive of Windows is no scheme. A comma would end a path in permissions.
      /^(?::memory:|https?:\/\/[^?#@]+|(?![a-zA-Z][\w+.-]+:|.*:[^\\]*@)[^,]+)$/,
      "write a path without a comma, :memory:, or the http(s) URL of a KV Connect server, without user and query: a token goes into DENO_KV_ACCESS_TOKEN",
    );
  }

  integer(name: string, fallback: number, min: number, max: number): number {
    const cure = `write a whole number from ${min} to ${max}`;
    const value = this.text(name, /^\d{1,15}$/, cure) ?? `${fallback}`;
    const number = Number(value);
    if (number >= min && number <= max) return number;
    this.#complain(name, value, cure);
    return fallback;
  }

  oneOf<T extends string>(name: string, values: readonly T[]): T | undefined {
    const pattern = new RegExp(`^(?:${values.join("|")})$`);
    const others = values.slice(0, -1).join(", ");
    const cure = `write ${others} or ${values.at(-1)}`;
    return this.text(name, pattern, cure) as T | undefined;
  }

  flag(name: string, fallback = false): boolean {
    const value = this.oneOf(name, ["true", "false"]);
    return value === undefined ? fallback : value === "true";
  }

  list(name: string, pattern?: RegExp, cure?: string): string[] | undefined {
    return this.text(name, pattern, cure)?.split(",")
      .map((item) => item.trim()).filter((item) => item !== "");
  }

  rateLimit(name: string): Config["rateLimit"] {
    const pattern = /^[1-9]\d{0,8}\/[1-9]\d{0,5}$/;
    const cure = 'write requests/seconds, such as "100/60"';
    const value = this.text(name, pattern, cure);
    if (value === undefined) return undefined;
    const [requests = 0, seconds = 0] = value.split("/").map(Number);
    return { requests, seconds };
  }

  #complain(name: string, value: string, cure: string): void {
    const shown = SECRETS.includes(name) ? "" : ` is ${JSON.stringify(value)}`;
    this.problems.push(`${name}${shown}: ${cure}`);
  }
}
