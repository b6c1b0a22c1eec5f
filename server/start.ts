// deno-lint-ignore-file no-console -- commands print their results

/**
 * Runs the program: serves the app until a signal, or runs a command.
 *
 * @module
 */

import { diagnose, type PageRequest } from "./doctor.ts";
import { readEnvironment } from "./environment.ts";
import { type CreateApp, serveUntilSignal } from "./serve_until_signal.ts";

/** The default export that `deno serve` takes. */
export type Served = Deno.ServeDefaultExport | undefined;

/**
 * Runs the program with the arguments of the process.
 *
 * Without an argument it serves the app until a signal. `serve` does the same without
 * a default export, of which `deno run` warns. `doctor` checks what could prevent the
 * start, with `--deep` the whole data file, and with `--origin` what CORS allows a page;
 * `routes` lists the routes. Where something fails, it prints the error without its
 * stack, and the exit status is 1.
 *
 * @returns The default export for `deno serve`, if there is no argument.
 */
export function start(createApp: CreateApp): Served {
  const [name, ...args] = Deno.args;
  try {
    if (name === undefined) return serveUntilSignal(createApp, fail);
    if (name === "serve" && args.length === 0) {
      return void serveUntilSignal(createApp, fail);
    }
    runCommand(createApp, name, args).catch(fail);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}

async function runCommand(
  createApp: CreateApp,
  name: string,
  args: readonly string[],
): Promise<void> {
  if (name === "doctor") return await printFindings(createApp, args);
  if (name === "routes" && args.length === 0) {
    return await printRoutes(createApp);
  }
  throw new Error(
    `Unknown command "${Deno.args.join(" ")}": use doctor, routes, or none`,
  );
}

async function printFindings(
  createApp: CreateApp,
  args: readonly string[],
): Promise<void> {
  const deep = args.includes("--deep");
  const page = parsePage(args.filter((arg) => arg !== "--deep"));
  const options = { ...readEnvironment(), createApp, page, deep };
  const findings = await diagnose(options);
  for (const [level, name, text] of findings) {
    console.log(`${level.padEnd(5)}  ${name.padEnd(8)}  ${text}`);
  }
  Deno.exit(findings.some(([level]) => level === "wrong") ? 1 : 0);
}

/** Reads `--origin`, `--method` and `--headers`, each with its value. */
function parsePage(args: readonly string[]): PageRequest | undefined {
  if (args.length === 0) return undefined;
  const words = args.flatMap((arg) => arg.split(/(?<=^--\w+)=/));
  const values: Record<string, string> = {};
  for (let at = 0; at < words.length; at += 2) {
    values[words[at]!.replace(/^--/, "")] = words[at + 1] ?? "";
  }
  const { origin, method = "GET", headers = "", ...others } = values;
  if (!origin || Object.keys(others).length > 0) {
    const given = args.join(" ");
    throw new Error(
      `Unknown arguments "${given}": use --deep, --origin, --method and --headers`,
    );
  }
  return { origin, method, headers: headers.split(/[ ,]+/).filter(Boolean) };
}

async function printRoutes(createApp: CreateApp): Promise<void> {
  await using app = await createApp({ config: { appMode: "development" } });
  for (const { method, path } of app.routes) {
    console.log(`${method.padEnd(6)} ${path}`);
  }
}
