// deno-lint-ignore-file no-console -- commands print their results

/**
 * Runs the program: serves the app until a signal, or runs a command.
 *
 * @module
 */

import { diagnose } from "./doctor.ts";
import { readEnvironment } from "./environment.ts";
import { parsePage } from "./explain_cors.ts";
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
    const command = COMMANDS.get(name);
    if (command === undefined || (args.length > 0 && name !== "doctor")) {
      throw new Error(
        `Unknown command "${Deno.args.join(" ")}": use doctor, routes, or none`,
      );
    }
    command(createApp, args).catch(fail);
  } catch (error) {
    fail(error);
  }
}

function fail(error: unknown): never {
  console.error(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}

const COMMANDS = new Map([
  ["doctor", printFindings],
  ["routes", printRoutes],
]);

async function printFindings(
  createApp: CreateApp,
  args: readonly string[],
): Promise<void> {
  const deep = args.includes("--deep");
  const page = parsePage(args.filter((arg) => arg !== "--deep"));
  const options = { ...readEnvironment(), createApp, page, deep };
  const findings = await diagnose(options);
  for (const { level, name, text } of findings) {
    console.log(`${level.padEnd(5)}  ${name.padEnd(8)}  ${text}`);
  }
  Deno.exit(findings.some(({ level }) => level === "wrong") ? 1 : 0);
}

async function printRoutes(createApp: CreateApp): Promise<void> {
  await using app = await createApp({ config: { appMode: "development" } });
  for (const { method, path } of app.routes) {
    console.log(`${method.padEnd(6)} ${path}`);
  }
}
