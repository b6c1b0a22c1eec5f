/**
 * Looks for what keeps the server from starting or from being reached, and says
 * what to do about each.
 *
 * ```sh
 * deno task doctor
 * deno task doctor --origin https://app.example.com --method PUT --headers x-a
 * ```
 *
 * The second form checks what CORS allows a page to send.
 *
 * It runs with the permissions and the variables of `deno task start`, so it sees
 * what the server would see.
 *
 * @module
 */

import { parse } from "@std/dotenv";
import { type Config, ConfigError, type Env, readConfig } from "../config.ts";
import { createApp } from "../main.ts";
import { corsPolicy } from "../server/cors_policy.ts";
import { explainCors, type PageRequest } from "../server/explain_cors.ts";
import { type Color, paint, write } from "./terminal.ts";

/** What was looked at, and what was found. */
export interface Finding {
  /** What was looked at. */
  readonly name: string;
  /** Whether it is in order, worth knowing, or wrong. */
  readonly level: "ok" | "note" | "wrong";
  /** What was found. */
  readonly text: string;
  /** What to do about it. */
  readonly cure?: string;
}

/** Options for {@linkcode diagnose}. */
export interface DiagnoseOptions {
  /** Looks up an environment variable. */
  env: Env;
  /** What is in `.env`. */
  file: Readonly<Record<string, string>>;
  /** What a page wants to send. Then only CORS is looked at. */
  page?: PageRequest | undefined;
  /**
   * Version of Deno.
   *
   * @default {Deno.version.deno}
   */
  version?: string;
}

// README.md and the workflow name the same one.
const MINIMUM = [2, 9, 0];

const HELP = `\
Looks for what keeps the server from starting or from being reached.

Usage: deno task doctor
       deno task doctor --origin ORIGIN [--method METHOD] [--headers NAMES]

The second form checks what CORS allows a page of that origin to send.
`;

/**
 * Looks at the version of Deno, the settings, the permissions, the port, the store
 * and the origins.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const findings = await diagnose({ env: () => undefined, file: {}, version: "2.1.0" });
 *
 * assertEquals(findings[0]?.level, "wrong");
 * ```
 *
 * @param options What to look at.
 * @returns What was found, one for each thing that was looked at.
 */
export async function diagnose(options: DiagnoseOptions): Promise<Finding[]> {
  const { env, file, page, version = Deno.version.deno } = options;
  const known = new Set(["DENO_KV_ACCESS_TOKEN"]);
  const findings = [checkVersion(version)];
  try {
    const config = readConfig((name) => {
      known.add(name);
      return env(name) ?? file[name];
    });
    if (page) return await checkCors(config, page);
    findings.push(checkNames(Object.keys(file), known));
    const permissions = await checkPermissions(config);
    findings.push(permissions, await checkPort(config));
    if (permissions.level === "ok") findings.push(await checkStore(config));
    findings.push(checkOrigins(config));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const problem of error.problems) {
      findings.push({ name: "settings", level: "wrong", text: problem });
    }
  }
  return findings;
}

function checkVersion(version: string): Finding {
  const parts = version.split(".").map((part) => parseInt(part));
  const first = parts.findIndex((part, index) => part !== MINIMUM[index]);
  const isOld = first !== -1 && parts[first]! < (MINIMUM[first] ?? 0);
  const name = "deno";
  if (!isOld) return { name, level: "ok", text: version };
  return {
    name,
    level: "wrong",
    text: `${version} is older than ${MINIMUM.join(".")}`,
    cure: 'run "deno upgrade"',
  };
}

/** A name that nobody reads is a setting that has no effect. */
function checkNames(
  names: readonly string[],
  known: ReadonlySet<string>,
): Finding {
  const unknown = names.filter((name) => !known.has(name));
  const name = "settings";
  if (unknown.length === 0) {
    const text = names.length === 0
      ? "the defaults"
      : `${names.length} in .env`;
    return { name, level: "ok", text };
  }
  return {
    name,
    level: "wrong",
    text: `nobody reads ${unknown.join(", ")}, which .env sets`,
    cure: "compare the spelling with .env.example",
  };
}

async function checkPermissions({ kvPath }: Config): Promise<Finding> {
  const name = "permissions";
  if (!isFile(kvPath)) return { name, level: "ok", text: "no file is needed" };
  const missing: string[] = [];
  for (const kind of ["read", "write"] as const) {
    const wanted = { name: kind, path: kvPath };
    const { state } = await Deno.permissions.query(wanted);
    if (state !== "granted") missing.push(kind);
  }
  if (missing.length === 0) {
    return { name, level: "ok", text: `read and write ${kvPath}` };
  }
  return {
    name,
    level: "wrong",
    text: `may not ${missing.join(" and ")} ${kvPath}`,
    cure: "start by a task of deno.json: its flags follow KV_PATH",
  };
}

async function checkPort({ host: hostname, port }: Config): Promise<Finding> {
  const name = "port";
  const where = `${hostname}:${port}`;
  try {
    Deno.listen({ hostname, port }).close();
    const text = port === 0 ? "any that is free" : `${where} is free`;
    return { name, level: "ok", text };
  } catch (error) {
    if (!(error instanceof Deno.errors.AddrInUse)) {
      return {
        name,
        level: "wrong",
        text: `cannot listen on ${where}`,
        cure: "set HOST to an address of this machine, PORT to 1024 or more",
      };
    }
    if (await answersHealth(hostname, port)) {
      return { name, level: "note", text: `an API runs on ${where} already` };
    }
    return {
      name,
      level: "wrong",
      text: `something else listens on ${where}`,
      cure: "set PORT to another one, or to 0 for any that is free",
    };
  }
}

// Not /ping: that counts for the rate limit.
async function answersHealth(host: string, port: number): Promise<boolean> {
  const name = host === "0.0.0.0" ? "127.0.0.1" : host;
  try {
    const signal = AbortSignal.timeout(1000);
    const response = await fetch(`http://${name}:${port}/healthz`, { signal });
    return (await response.json()).status === "ok";
  } catch {
    return false;
  }
}

async function checkStore(config: Config): Promise<Finding> {
  const name = "store";
  const { kvPath } = config;
  if (isFile(kvPath) && !await exists(kvPath)) {
    const text = `${kvPath} is made by the first start`;
    return { name, level: "ok", text };
  }
  const where = kvPath ?? "the attached database";
  try {
    await using _app = await createApp({ config });
    return { name, level: "ok", text: `${where} opens` };
  } catch (error) {
    return { name, level: "wrong", text: (error as Error).message };
  }
}

function checkOrigins({ allowedOrigins }: Config): Finding {
  const name = "origins";
  if (allowedOrigins === "*") {
    return { name, level: "note", text: "every page may read the answers" };
  }
  if (allowedOrigins.length === 0) {
    return {
      name,
      level: "note",
      text: "no page of another origin may read the answers",
      cure: "set ALLOWED_ORIGINS, such as http://localhost:5173",
    };
  }
  return { name, level: "ok", text: allowedOrigins.join(", ") };
}

async function checkCors(
  config: Config,
  page: PageRequest,
): Promise<Finding[]> {
  const refusals = await explainCors(corsPolicy(config), page);
  if (refusals.length > 0) {
    return refusals.map((it) => ({ name: "cors", level: "wrong", ...it }));
  }
  const cookies = config.corsCredentials ? "with" : "without";
  const text = `${page.origin} may send it, ${cookies} cookies`;
  return [{ name: "cors", level: "ok", text }];
}

/** Reads `--origin`, `--method` and `--headers`, if they are all there is. */
function readPage(args: readonly string[]): PageRequest | undefined {
  const values = new Map<string, string>();
  const words = args.flatMap((arg) => arg.split(/=(.*)/s, 2));
  for (let at = 0; at < words.length; at += 2) {
    if (!/^--(?:origin|method|headers)$/.test(words[at]!)) return undefined;
    values.set(words[at]!, words[at + 1] ?? "");
  }
  const origin = values.get("--origin");
  if (!origin) return undefined;
  return {
    origin,
    method: values.get("--method") || "GET",
    headers: values.get("--headers")?.split(/[, ]+/).filter(Boolean) ?? [],
  };
}

function isFile(path: string | undefined): path is string {
  return path !== undefined && !/^(?::memory:$|https?:)/.test(path);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch {
    return false;
  }
}

const COLORS: Record<Finding["level"], Color> = {
  ok: "green",
  note: "yellow",
  wrong: "red",
};

function linesOf({ name, level, text, cure }: Finding): string {
  const mark = paint(Deno.stdout, COLORS[level], level.padEnd(5));
  const start = `${mark}  ${name.padEnd(11)}  `;
  const lines = [text, ...cure === undefined ? [] : [`-> ${cure}`]];
  return start + lines.flatMap(fold).join(`\n${" ".repeat(20)}`);
}

/** Breaks a line where it would leave the terminal. */
function fold(text: string): string[] {
  return text.match(/\S.{0,58}\S(?=\s|$)|\S+/g) ?? [];
}

// A file that is there and cannot be read is something the start itself tells.
async function readEnvFile(): Promise<Record<string, string>> {
  return parse(await Deno.readTextFile(".env").catch(() => ""));
}

async function main(args: readonly string[]): Promise<number> {
  const page = readPage(args);
  if (args.length > 0 && page === undefined) {
    const isHelp = args.includes("--help") || args.includes("-h");
    write(isHelp ? Deno.stdout : Deno.stderr, HELP);
    return isHelp ? 0 : 1;
  }
  const env: Env = (name) => Deno.env.get(name);
  const findings = await diagnose({ env, file: await readEnvFile(), page });
  write(Deno.stdout, `${findings.map(linesOf).join("\n")}\n`);
  return findings.some(({ level }) => level === "wrong") ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
