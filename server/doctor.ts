/**
 * Finds what prevents the server from starting or from being reached, for
 * `deno task doctor`.
 *
 * @module
 */

import { type Config, ConfigError, type Env, readConfig } from "./config.ts";
import { corsPolicy } from "./cors_policy.ts";
import { explainCors, type PageRequest } from "./explain_cors.ts";
import { checkFile } from "../store/data_file.ts";
import { explain } from "../store/open_kv.ts";
import { listenError, urlOf } from "./serve.ts";

/** The result of one check. */
export interface Finding {
  /** Whether it is in order, worth knowing, or an error. */
  readonly level: "ok" | "note" | "wrong";
  /** What was checked. */
  readonly name: string;
  /** What was found, and what to change. */
  readonly text: string;
}

/** Options for {@linkcode diagnose}. */
export interface DiagnoseOptions {
  /** Looks up an environment variable. */
  env: Env;
  /** The content of `.env`. */
  file: Readonly<Record<string, string>>;
  /** Opens the app, and with it the store. */
  createApp: (options: { config: Config }) => Promise<AsyncDisposable>;
  /** Whether to read the whole data file. @default {false} */
  deep?: boolean;
  /** What a page wants to send: then only CORS is checked. */
  page?: PageRequest | undefined;
  /**
   * Version of Deno.
   *
   * @default {Deno.version.deno}
   */
  version?: string;
}

/**
 * Checks the version of Deno, the settings, the port, the store and the origins.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const findings = await diagnose({
 *   env: (name) => name === "PORT" ? "80a" : undefined,
 *   file: {},
 *   createApp: () => Promise.reject(new Error("not reached")),
 *   version: "2.9.6",
 * });
 *
 * assertEquals(findings.map(textOf), [
 *   "ok     deno      2.9.6",
 *   'wrong  settings  PORT is "80a": write a whole number from 0 to 65535',
 * ]);
 * ```
 */
export async function diagnose(options: DiagnoseOptions): Promise<Finding[]> {
  const { env, file, createApp, version = Deno.version.deno } = options;
  const { deep = false } = options;
  const known = new Set(["DENO_KV_ACCESS_TOKEN"]);
  const findings = [checkVersion(version)];
  try {
    const config = readConfig((name) => {
      known.add(name);
      return env(name);
    });
    if (options.page) return await checkPage(config, options.page);
    findings.push(
      checkNames(Object.keys(file), known, changedSettings(env, known)),
      await checkPort(config),
      await checkStore(config, createApp, deep),
      checkOrigins(config),
    );
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) {
      findings.push(found("wrong", "settings", problem));
    }
  }
  return findings;
}

/**
 * Formats the result of a check as a line.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   textOf({ name: "port", level: "ok", text: "127.0.0.1:8000 is free" }),
 *   "ok     port      127.0.0.1:8000 is free",
 * );
 * ```
 */
export function textOf({ name, level, text }: Finding): string {
  return `${level.padEnd(5)}  ${name.padEnd(8)}  ${text}`;
}

// `deno task test` uses options that are new in 2.9.
function checkVersion(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 9)
    ? found("ok", "deno", version)
    : found("wrong", "deno", `${version} is too old: run "deno upgrade"`);
}

/** Returns the variables whose values are not the defaults. */
function changedSettings(env: Env, names: ReadonlySet<string>): string[] {
  const defaults = JSON.stringify(readConfig(() => undefined));
  return [...names].filter((name) => {
    const config = readConfig((it) => it === name ? env(it) : undefined);
    return JSON.stringify(config) !== defaults;
  });
}

/** A misspelled name has no effect, and no error says so. */
function checkNames(
  names: readonly string[],
  known: ReadonlySet<string>,
  changed: readonly string[],
): Finding {
  const unknown = names.filter((name) => !known.has(name)).join(", ");
  return unknown === ""
    ? found(
      "ok",
      "settings",
      changed.length > 0
        ? `not the defaults: ${changed.join(", ")}`
        : "all are the defaults",
    )
    : found(
      "wrong",
      "settings",
      `.env sets ${unknown}, which has no effect: compare it with .env.example`,
    );
}

async function checkPort({ host: hostname, port }: Config): Promise<Finding> {
  const address = `${hostname}:${port}`;
  try {
    Deno.listen({ hostname, port }).close();
    return found("ok", "port", `${address} is free`);
  } catch (error) {
    return await isHealthy(urlOf(hostname, port))
      ? found("note", "port", `an API is already running on ${address}`)
      : found("wrong", "port", listenError(address, error).message);
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
    return found("ok", "store", `the first start will create ${kvPath}`);
  }
  try {
    await using _app = await createApp({ config });
    if (deep && isFile(kvPath)) {
      await checkFile(kvPath).catch((error) => {
        throw explain(kvPath, error);
      });
    }
    return found("ok", "store", `${kvPath ?? "the attached database"} opens`);
  } catch (error) {
    return found("wrong", "store", (error as Error).message);
  }
}

function isFile(path: string | undefined): path is string {
  return path !== undefined && !/^(?::memory:$|https?:)/.test(path);
}

function exists(path: string): Promise<boolean> {
  return Deno.stat(path).then(() => true, () => false);
}

function checkOrigins({ allowedOrigins: origins }: Config): Finding {
  if (origins === "*") {
    return found("note", "origins", "every origin is allowed");
  }
  return origins.length > 0
    ? found("ok", "origins", origins.join(", "))
    : found("note", "origins", "none is allowed: ALLOWED_ORIGINS is not set");
}

async function checkPage(
  config: Config,
  page: PageRequest,
): Promise<Finding[]> {
  const refused = await explainCors(corsPolicy(config), page);
  if (refused.length > 0) {
    return refused.map((text) => found("wrong", "cors", text));
  }
  const cookies = config.corsCredentials ? "with" : "without";
  const text = `a page of ${page.origin} may send it, ${cookies} cookies`;
  return [found("ok", "cors", text)];
}

function found(level: Finding["level"], name: string, text: string): Finding {
  return { level, name, text };
}
