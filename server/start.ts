// deno-lint-ignore-file no-console -- commands print their results

/**
 * Runs the program: serves the app until a signal, or runs a command.
 *
 * @module
 */

import { type Config, readConfig } from "./config.ts";
import { describeError } from "./describe_error.ts";
import { diagnose } from "./doctor.ts";
import { readEnvironment } from "./environment.ts";
import { parsePage } from "./explain_cors.ts";
import { type LineWriter, lineWriter } from "./line_writer.ts";
import { createLog, type Log } from "./log.ts";
import { type App, serve, urlOf } from "./serve.ts";
import { GRACE_MS, stop } from "./stop.ts";

/** Creates the app. */
export type CreateApp = (
  options: { config?: Partial<Config>; log?: Log },
) => Promise<App>;

/**
 * Runs the program with the arguments of the process, and ends the process.
 *
 * Without an argument it serves the app until SIGINT, SIGTERM, SIGHUP or SIGQUIT:
 * requests in flight finish, the store closes, and the exit status is 0. A second
 * signal ends the process immediately. `doctor` checks what could prevent the start,
 * with `--deep` the whole data file, and with `--origin` what CORS allows a page;
 * `routes` lists the routes. Where something fails, it prints the error without its
 * stack, and the exit status is 1.
 *
 * Do not await it at the top level of a module: under --watch, a module that is pending
 * keeps its files open.
 */
export async function start(createApp: CreateApp): Promise<void> {
  try {
    const [name = "serve", ...others] = Deno.args;
    const command = COMMANDS.get(name);
    const takesOthers = name === "doctor";
    if (command === undefined || (others.length > 0 && !takesOthers)) {
      throw new Error(
        `Unknown command "${Deno.args.join(" ")}": use doctor, routes, or none`,
      );
    }
    Deno.exit(await command(createApp, others));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}

const COMMANDS = new Map([
  ["serve", serveUntilSignal],
  ["doctor", printFindings],
  ["routes", printRoutes],
]);

async function serveUntilSignal(createApp: CreateApp): Promise<number> {
  const { env, folder } = readEnvironment();
  const config = readConfig(env, folder);
  const signal = firstSignal(config);
  const [log, lines] = openLog(config);
  logRejections(log);
  const app = await createApp({ config, log });
  const serving = serve(app, {
    config,
    log,
    onListen: ({ port }) => announce(config, port, log, lines),
  });
  await signal;
  await stop(app, serving);
  const timeout = new Promise((resolve) => setTimeout(resolve, 200));
  await Promise.race([lines.flush(), timeout]);
  return 0;
}

async function printFindings(
  createApp: CreateApp,
  args: readonly string[],
): Promise<number> {
  const deep = args.includes("--deep");
  const page = parsePage(args.filter((arg) => arg !== "--deep"));
  const options = { ...readEnvironment(), createApp, page, deep };
  const findings = await diagnose(options);
  for (const { level, name, text } of findings) {
    console.log(`${level.padEnd(5)}  ${name.padEnd(8)}  ${text}`);
  }
  return findings.some(({ level }) => level === "wrong") ? 1 : 0;
}

async function printRoutes(createApp: CreateApp): Promise<number> {
  await using app = await createApp({ config: { appMode: "development" } });
  for (const { method, path } of app.routes) {
    console.log(`${method.padEnd(6)} ${path}`);
  }
  return 0;
}

/** Resolves at the first signal to stop. A second one ends the process immediately. */
function firstSignal({ appMode }: Config): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  function onSignal(): void {
    // Ctrl-C under `deno task` arrives twice within milliseconds: from the terminal
    // and from `deno task`. These two are one.
    if (first !== undefined && performance.now() - first > GRACE_MS) {
      Deno.exit(1);
    }
    first ??= performance.now();
    resolve();
  }
  Deno.addSignalListener("SIGINT", onSignal);
  // Deno cannot listen for these on Windows. In development, they end the process
  // immediately: under --watch, Deno.exit() only ends the run.
  if (Deno.build.os !== "windows" && appMode !== "development") {
    for (const signal of ["SIGTERM", "SIGHUP", "SIGQUIT"] as const) {
      Deno.addSignalListener(signal, onSignal);
    }
  }
  return promise;
}

function openLog(config: Config): [Log, LineWriter] {
  const lines = lineWriter({
    to: Deno.stdout,
    onDrop: (count) => log("warn", "log lines dropped", { count }),
  });
  const { logLevel: level } = config;
  const format = formatOf(config);
  const log = createLog({ level, format, write: lines.write });
  return [log, lines];
}

function formatOf({ logFormat }: Config): "text" | "json" {
  return logFormat ?? (Deno.stdout.isTerminal() ? "text" : "json");
}

/** An unhandled rejection is an error in one route: log it and keep serving. */
function logRejections(log: Log): void {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const error = describeError(event.reason);
    log("error", "unhandled rejection", { error });
  });
}

/** Writes the URLs of the server. In text they are lines that a terminal links. */
function announce(
  config: Config,
  port: number,
  log: Log,
  lines: LineWriter,
): void {
  const url = urlOf(config.host, port);
  const urls = {
    url,
    docs: `${url}/docs`,
    ...(config.appMode === "development" &&
      { playground: `http://localhost:${port}/playground` }),
  };
  if (formatOf(config) === "json") return log("info", "listening", urls);
  for (const [name, url] of Object.entries(urls)) {
    lines.write(`${name.padEnd(10)} ${url}\n`);
  }
}
