/**
 * Starts the server, and stops it when it is asked to.
 *
 * @module
 */

import { parse } from "@std/dotenv";
import { type Config, type Env, readConfig } from "./config.ts";
import { describeError } from "./describe_error.ts";
import { fitLines } from "./fit_lines.ts";
import { type LineWriter, lineWriter } from "./line_writer.ts";
import { createLog, type Log } from "./log.ts";
import { type App, serve, type Serving } from "./serve.ts";

/**
 * Reads the configuration, opens the app, serves it, and ends the process when a
 * signal (SIGINT, SIGTERM) asks for it: requests in flight finish, the store
 * closes, the exit status is 0. What prevents the start is said in one sentence,
 * and the exit status is 1.
 *
 * @param createApp Opens the app.
 */
export async function start(
  createApp: (options: { config: Config; log: Log }) => Promise<App>,
): Promise<void> {
  try {
    const config = readConfig(readEnvironment());
    const signal = firstSignal();
    const [log, lines] = openLog(config);
    outlive(log);
    const app = await createApp({ config, log });
    const serving = serve(app, {
      config,
      log,
      onListen: (address) => tell(config, address, log, lines),
    });
    await signal;
    await stop(app, serving);
    await Promise.race([lines.flush(), pause(200)]);
    Deno.exit(0);
  } catch (error) {
    // Whoever starts a server reads sentences. A stack helps who debugs it.
    const message = error instanceof Error ? error.message : String(error);
    const text = fitLines(`${message}\n`, Deno.stderr);
    Deno.stderr.writeSync(new TextEncoder().encode(text));
    Deno.exit(1);
  }
}

/**
 * A promise that fails and that nobody waits for, such as work that goes on after
 * the answer, is a mistake in one route. All others go on.
 */
function outlive(log: Log): void {
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const error = describeError(event.reason);
    log("error", "a promise failed that nobody waits for", { error });
  });
}

/** How long two signals count as one, and how long `/readyz` says 503 first. */
const GRACE_MS = 300;

/**
 * Stops the server, then closes the app: when what was on its way is answered, though
 * not before 300 ms, and after four seconds in any case. The app has until 100 ms
 * after these four seconds to close.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeTime } from "@std/testing/time";
 * import { createApp } from "../main.ts";
 *
 * using time = new FakeTime();
 * const never = new Promise<void>(() => {});
 * const serving = { stop() {}, settle: () => never, shutdown: () => never };
 * const stopped = stop(await createApp(), serving).then(() => time.now);
 * const start = time.now;
 * await time.runAllAsync();
 *
 * assertEquals(await stopped - start, 4_000);
 * ```
 *
 * @param app What answers. It is closed when this resolves, unless it hangs.
 * @param serving What serves it.
 */
export async function stop(
  app: Omit<App, "fetch" | "routes">,
  serving: Serving,
): Promise<void> {
  app.stop();
  serving.stop();
  // A proxy that asks /readyz now is told to go elsewhere. Who asks later finds no
  // server at all. And shutdown() breaks bodies off that are on their way.
  const ready = Promise.all([pause(GRACE_MS), serving.settle()]);
  // Deno Deploy kills five seconds after SIGINT. So what still runs after three and
  // a half is told that it is over, and after four the store closes. It may hang.
  const over = pause(3_500).then(() => app.abandon());
  const end = pause(4_000);
  const last = pause(4_100);
  await Promise.race([ready, over]);
  await Promise.race([serving.shutdown(), end]);
  await Promise.race([app[Symbol.asyncDispose](), last]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function openLog(config: Config): [Log, LineWriter] {
  const lines = lineWriter({
    to: Deno.stdout,
    onDrop: (count) => log("warn", "lines of the log were dropped", { count }),
  });
  const { logLevel: level } = config;
  const format = formatOf(config);
  const log = createLog({ level, format, write: lines.write });
  return [log, lines];
}

function formatOf({ logFormat }: Config): "text" | "json" {
  return logFormat ?? (Deno.stdout.isTerminal() ? "text" : "json");
}

/** What the server says when it listens. */
type Urls = { url: string; docs: string; playground?: string };

function urlsOf(
  { host, appMode }: Config,
  { port }: Deno.NetAddr,
): Urls {
  // A server on all addresses is reached by this one, and "0.0.0.0" is no link.
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  const url = `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
  return {
    url,
    docs: `${url}/docs`,
    ...(appMode === "development" &&
      { playground: `http://localhost:${port}/playground` }),
  };
}

/** Says where the server listens. In text, a terminal makes links of the URLs. */
function tell(
  config: Config,
  address: Deno.NetAddr,
  log: Log,
  lines: LineWriter,
): void {
  const urls = urlsOf(config, address);
  if (formatOf(config) === "json") return log("info", "listening", urls);
  for (const [name, url] of Object.entries(urls)) {
    lines.write(`${name.padEnd(10)} ${url}\n`);
  }
}

/** Resolves at the first signal to stop. A second one ends the process at once. */
function firstSignal(): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  function onSignal(): void {
    // Ctrl-C arrives twice, milliseconds apart: the terminal sends it to every
    // process in the foreground, and `deno task` passes on what it gets.
    if (first !== undefined && performance.now() - first > GRACE_MS) {
      Deno.exit(1);
    }
    first ??= performance.now();
    resolve();
  }
  Deno.addSignalListener("SIGINT", onSignal);
  // Windows has no SIGTERM to listen to.
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", onSignal);
  return promise;
}

/** Looks a variable up in the environment, then in `.env` where there is one. */
function readEnvironment(): Env {
  const file = readEnvFile();
  const token = file["DENO_KV_ACCESS_TOKEN"];
  if (token && !Deno.env.has("DENO_KV_ACCESS_TOKEN")) {
    // Deno itself reads this one, when it opens the store of a KV Connect server.
    Deno.env.set("DENO_KV_ACCESS_TOKEN", token);
  }
  return (name) => Deno.env.get(name) ?? file[name];
}

function readEnvFile(): Record<string, string> {
  try {
    return parse(Deno.readTextFileSync(".env"));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}
