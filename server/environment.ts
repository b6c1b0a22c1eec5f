// deno-lint-ignore-file no-console -- as a program it prints its result

/**
 * Reads the settings from the environment and from `.env`. As a program it prints what
 * `deno task start` permits: the folder of the store or, for `net`, the network.
 *
 * @module
 */

import { parse } from "@std/dotenv";
import { isFile } from "../store/open_kv.ts";
import { type Env, readConfig } from "./config.ts";
import { urlOf } from "./serve.ts";

/** The settings as text. */
export interface Environment {
  /** Looks up a setting. A variable of the environment has priority over the file. */
  readonly env: Env;
  /** The content of `.env`. */
  readonly file: Readonly<Record<string, string>>;
  /** The folder of `.env`, with a slash at its end. A relative `KV_PATH` starts there. */
  readonly folder: string;
}

/** The folder of main.ts. For a bundle, or over the network, it is the current one. */
const FOLDER = /^.*[/\\](?=server$)/.exec(import.meta.dirname ?? "")?.[0] ?? "";

// Deno, Docker and @std/dotenv read these lines alike. They differ in "$" outside
// quotes: @std/dotenv expands it, and never ends where a value names itself.
const LINE =
  /^\s*(?:(?:export\s+)?[a-z_]\w*\s*=\s*(?:'[^']*'|"(?:[^"\\]|\\.)*"|[^'"$#][^$#]*)?)?\s*(?:#.*)?$/i;

/**
 * Reads the environment and `.env`, which is beside main.ts.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const folder = `${await Deno.makeTempDir()}/`;
 * await Deno.writeTextFile(`${folder}.env`, "APP_NAME='cost$5'\r\n# a comment");
 *
 * assertEquals({ ...readEnvironment(folder).file }, { APP_NAME: "cost$5" });
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @param folder The folder of `.env`, with a slash at its end.
 * @throws {Error} If a line cannot be read, with its number.
 */
export function readEnvironment(folder: string = FOLDER): Environment {
  const file = readFile(`${folder}.env`);
  const token = file["DENO_KV_ACCESS_TOKEN"];
  if (token && !Deno.env.get("DENO_KV_ACCESS_TOKEN")) {
    // Deno.openKv() takes it from the environment.
    Deno.env.set("DENO_KV_ACCESS_TOKEN", token);
  }
  return { env: (name) => Deno.env.get(name) ?? file[name], file, folder };
}

function readFile(path: string): Record<string, string> {
  try {
    const text = Deno.readTextFileSync(path);
    const line = text.split(/\r?\n/).findIndex((it) => !LINE.test(it)) + 1;
    if (line === 0) return parse(text);
    throw new Error(
      `Cannot read ${path}, line ${line}: write NAME=value, and quotes around a value with $`,
    );
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

function storeFolder(): string {
  try {
    const path = readEnvironment().env("KV_PATH")?.trim();
    // Otherwise there is nothing to write: this is the name of no file.
    if (path) return isFile(path) ? `${path}/..` : ":memory:";
  } catch {
    // main.ts reports it.
  }
  return "data";
}

function networkFlag(): string {
  try {
    const { host, port, kvPath } = readConfig(readEnvironment().env);
    // A KV Connect server names further addresses.
    if (/^https?:/.test(kvPath ?? "")) return "--allow-net";
    const name = host.includes(":") ? `[${host}]` : host;
    // doctor asks there whether an API is running.
    const own = urlOf(host, port);
    const names = [`http://${name}`, own].map((url) => new URL(url).hostname);
    // With port 0 it may have to listen again, on the port that it got.
    const suffix = port === 0 ? "" : `:${port}`;
    return `--allow-net=${[...new Set(names)].map((it) => it + suffix)}`;
  } catch {
    return "--allow-net";
  }
}

if (import.meta.main) {
  console.log(Deno.args[0] === "net" ? networkFlag() : storeFolder());
}
