/**
 * Lists the routes: method, path, and the file that answers.
 *
 * ```sh
 * deno task routes
 * ```
 *
 * The routes are those of the app, their files are found in the source: what is
 * declared there and not in `main.ts` is said.
 *
 * @module
 */

import { createApp } from "../main.ts";
import { paint, write } from "./terminal.ts";

/** A route, and where it is declared. */
export interface Declared {
  /** Method, in upper case. */
  readonly method: string;
  /** Path, with its parameters. */
  readonly path: string;
  /** File and line, or `?` where it is not declared in `routes/`. */
  readonly at: string;
  /** Whether the app has it. */
  readonly mounted: boolean;
}

const HELP = `\
Lists the routes: method, path, and the file that answers.

Usage: deno task routes
`;

/**
 * Finds the routes.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const routes = await findRoutes();
 *
 * assert(routes.some(({ path, mounted }) => path === "/ping" && mounted));
 * ```
 *
 * @returns The routes, by path, then by method.
 */
export async function findRoutes(): Promise<Declared[]> {
  await using app = await createApp({ config: { appMode: "development" } });
  const mounted = new Set(
    app.routes.map(({ method, path }) => `${method} ${path}`),
  );
  const declared = await findDeclarations();
  const found = Array.from(mounted.union(declared), (name) => {
    const [method, path] = name.split(" ") as [string, string];
    const at = declared.get(name) ?? "?";
    return { method, path, at, mounted: mounted.has(name) };
  });
  return found.sort((a, b) =>
    compare(a.path, b.path) || compare(a.method, b.method)
  );
}

/** File and line of each route that the source declares. */
async function findDeclarations(): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const file of await listModules("routes/")) {
    const text = await Deno.readTextFile(
      new URL(`../${file}`, import.meta.url),
    );
    for (const { index, 1: name } of text.matchAll(ROUTE)) {
      const line = text.slice(0, index).split("\n").length;
      found.set(name!, `${file}:${line}`);
    }
  }
  return found;
}

// Not in a comment, where examples are.
const ROUTE = /(?<=^[^*\n]*\broute\(\s*)"([A-Z]+ \/[^"]*)"/gm;

async function listModules(folder: string): Promise<string[]> {
  const found: string[] = [];
  const entries = Deno.readDir(new URL(`../${folder}`, import.meta.url));
  for await (const { name, isDirectory } of entries) {
    if (isDirectory) found.push(...await listModules(`${folder}${name}/`));
    if (name.endsWith(".ts")) found.push(folder + name);
  }
  return found;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function linesOf(routes: readonly Declared[]): string[] {
  const width = Math.max(...routes.map(({ path }) => path.length));
  return routes.map(({ method, path, at, mounted }) => {
    const start = `${method.padEnd(6)}  ${path.padEnd(width)}  `;
    return mounted
      ? start + paint(Deno.stdout, "dim", at)
      : start + paint(Deno.stdout, "red", `${at} (not in main.ts)`);
  });
}

async function main(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    const isHelp = args.includes("--help") || args.includes("-h");
    write(isHelp ? Deno.stdout : Deno.stderr, HELP);
    return isHelp ? 0 : 1;
  }
  const routes = await findRoutes();
  write(Deno.stdout, `${linesOf(routes).join("\n")}\n`);
  return routes.every(({ mounted }) => mounted) ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
