/**
 * Finds what prevents the server from starting or from being reached, for
 * `deno task doctor`.
 *
 * @module
 */

import { type Config, type Env, readConfig } from "./config.ts";
import { CORS_VARIABLES, corsPolicy } from "./cors_policy.ts";
import type { Environment } from "./environment.ts";
import type { CorsConfigError, CorsOptions } from "../middleware/cors.ts";
import { normalizeMethod } from "../middleware/cors/names.ts";
import { createPolicy } from "../middleware/cors/policy.ts";
import { refuseHeaders, refuseMethod } from "../middleware/cors/preflight.ts";
import { checkFile } from "../store/data_file.ts";
import { explain, isFile } from "../store/open_kv.ts";
import { listenError, urlOf } from "./serve.ts";

/** Whether a check is in order, what it checked, and what it found or what to change. */
export type Finding = readonly [
  level: "ok" | "note" | "wrong",
  name: string,
  text: string,
];

/** A request that a page wants to send. */
export interface PageRequest {
  /** Origin of the page. */
  readonly origin: string;
  /** Method, as the page writes it. */
  readonly method: string;
  /** Names of request headers. */
  readonly headers: readonly string[];
}

/** Options for {@linkcode diagnose}. */
export interface DiagnoseOptions extends Environment {
  /** Opens the app, and with it the store. */
  createApp: (options: { config: Config }) => Promise<AsyncDisposable>;
  /** Whether to read the whole data file. @default {false} */
  deep?: boolean;
  /** What a page wants to send: then only CORS is checked. */
  page?: PageRequest | undefined;
}

/**
 * Checks the settings, the port, the store and the origins.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const findings = await diagnose({
 *   env: (name) => name === "PORT" ? "80a" : undefined,
 *   file: {},
 *   folder: "",
 *   createApp: () => Promise.reject(new Error("not reached")),
 * });
 *
 * assertEquals(findings[1], [
 *   "wrong",
 *   "settings",
 *   'PORT is "80a": write a whole number from 0 to 65535',
 * ]);
 * ```
 */
export async function diagnose(options: DiagnoseOptions): Promise<Finding[]> {
  const { env, file, folder, createApp, deep = false, page } = options;
  const version: Finding = ["ok", "deno", Deno.version.deno];
  const names = new Set(["DENO_KV_ACCESS_TOKEN"]);
  try {
    const config = readConfig((name) => {
      names.add(name);
      return env(name);
    }, folder);
    if (page) return checkPage(config, page);
    return [
      version,
      checkNames([...names], env, Object.keys(file)),
      await checkPort(config),
      await checkStore(config, createApp, deep),
      checkOrigins(config),
    ];
  } catch (error) {
    if (!(error instanceof AggregateError)) throw error;
    return [
      version,
      ...error.errors.map((each): Finding => ["wrong", "settings", each]),
    ];
  }
}

/** A misspelled name has no effect, and no error says so. */
function checkNames(
  names: readonly string[],
  env: Env,
  inFile: readonly string[],
): Finding {
  const unknown = inFile.filter((name) => !names.includes(name)).join(", ");
  if (unknown !== "") {
    return [
      "wrong",
      "settings",
      `.env sets ${unknown}, which has no effect: compare it with .env.example`,
    ];
  }
  const set = names.filter((name) => env(name)?.trim()).join(", ");
  return [
    "ok",
    "settings",
    set === "" ? "all are the defaults" : `set: ${set}`,
  ];
}

async function checkPort({ host: hostname, port }: Config): Promise<Finding> {
  const address = `${hostname}:${port}`;
  try {
    Deno.listen({ hostname, port }).close();
    return ["ok", "port", `${address} is free`];
  } catch (error) {
    return await isHealthy(urlOf(hostname, port))
      ? ["note", "port", `an API is already running on ${address}`]
      : ["wrong", "port", listenError(address, error).message];
  }
}

// Not /ping: the rate limit counts it.
async function isHealthy(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(1_000);
  try {
    const response = await fetch(`${url}/healthz`, { signal });
    return (await response.json()).status === "ok";
  } catch {
    return false;
  }
}

async function checkStore(
  config: Config,
  createApp: DiagnoseOptions["createApp"],
  deep: boolean,
): Promise<Finding> {
  const { kvPath } = config;
  if (isFile(kvPath) && !await exists(kvPath)) {
    return ["ok", "store", `the first start will create ${kvPath}`];
  }
  try {
    await using _app = await createApp({ config });
    if (deep && isFile(kvPath)) {
      await checkFile(kvPath).catch((error) => {
        throw explain(kvPath, error);
      });
    }
    return ["ok", "store", `${kvPath ?? "the attached database"} opens`];
  } catch (error) {
    return ["wrong", "store", (error as Error).message];
  }
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

function checkOrigins({ allowedOrigins: origins }: Config): Finding {
  if (origins.includes("*")) {
    return ["note", "origins", "every origin is allowed"];
  }
  return origins.length > 0
    ? ["ok", "origins", origins.join(", ")]
    : ["note", "origins", "none is allowed: ALLOWED_ORIGINS is not set"];
}

// Fetch, "CORS-safelisted request-header": browsers send these without a preflight.
const SAFELISTED = /^(accept|accept-language|content-language)$/i;

/** Checks each part of a request, and says what to change where one is refused. */
function checkPage(config: Config, page: PageRequest): Finding[] {
  const options = corsPolicy(config);
  const policy = createPolicy(options);
  const method = normalizeMethod(page.method);
  const refused: [what: string, value: string][] = [];
  if (!policy.allow(page.origin)) refused.push(["origin", page.origin]);
  if (refuseMethod(policy, method)) refused.push(["method", method]);
  for (const name of page.headers) {
    const isRefused = !SAFELISTED.test(name) && refuseHeaders(policy, name);
    if (isRefused) refused.push(["header", name]);
  }
  if (refused.length > 0) {
    return refused.map((part) => ["wrong", "cors", cureOf(options, ...part)]);
  }
  const cookies = config.corsCredentials ? "with" : "without";
  const text = `a page of ${page.origin} may send it, ${cookies} cookies`;
  return [["ok", "cors", text]];
}

// A configuration may not allow every value, such as an origin with a path.
function cureOf(options: CorsOptions, what: string, value: string): string {
  const option = `${what}s`;
  try {
    createPolicy({ ...options, [option]: [value] });
    return `${what} ${value} is refused: add it to ${CORS_VARIABLES[option]}`;
  } catch (error) {
    // createPolicy() throws nothing else.
    return (error as CorsConfigError).issues[0]!.message;
  }
}
