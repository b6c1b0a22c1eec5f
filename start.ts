/**
 * Starts the server, and stops it when it is asked to.
 *
 * @module
 */

import { parse } from "@std/dotenv";
import { type Config, type Env, readConfig } from "./config.ts";
import { createLog } from "./http/log.ts";
import type { App, AppOptions } from "./main.ts";

/**
 * Reads the configuration, opens the app, serves it, and ends the process when a
 * signal (SIGINT, SIGTERM) asks for it: requests in flight finish, the store
 * closes, the exit status is 0. What prevents the start is said in one sentence,
 * and the exit status is 1.
 *
 * @param createApp Opens the app.
 */
export async function start(
  createApp: (options: AppOptions) => Promise<App>,
): Promise<void> {
  try {
    const config = readConfig(readEnvironment());
    const format = config.logFormat ??
      (Deno.stdout.isTerminal() ? "text" : "json");
    const log = createLog({
      level: config.logLevel,
      format,
      write: (line) => write(Deno.stdout, line),
    });
    const app = await createApp({ config, log });
    const server = listen(app, config, (urls) => {
      format === "text" ? greet(urls) : log("info", "listening", urls);
    });
    await firstSignal();
    await stop(app, server);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    // Whoever starts a server reads sentences. A stack helps who debugs it.
    write(Deno.stderr, `${error.message}\n`);
    Deno.exit(1);
  }
}

/** How long two signals count as one, and how long `/readyz` says 503 first. */
const GRACE_MS = 300;

async function stop(app: App, server: Deno.HttpServer): Promise<void> {
  app.stop();
  // Deno Deploy kills five seconds after SIGINT. What still runs after four is cut
  // off, so that the store can close in order.
  const drained = Promise.withResolvers<void>();
  setTimeout(drained.resolve, 4_000);
  // A proxy that asks /readyz now is told to go elsewhere. Who asks later finds no
  // server at all.
  setTimeout(() => server.shutdown().then(drained.resolve), GRACE_MS);
  await drained.promise;
  await app[Symbol.asyncDispose]();
  Deno.exit(0);
}

function listen(
  app: App,
  config: Config,
  tell: (urls: Urls) => void,
): Deno.HttpServer {
  const { host: hostname, port } = config;
  try {
    return Deno.serve({
      hostname,
      port,
      onListen: (address) => tell(urlsOf(config, address)),
    }, (request, info) => app.fetch(request, info));
  } catch (error) {
    const cure = error instanceof Deno.errors.AddrInUse
      ? "something else listens there. Set PORT to another one, or to 0 for any that is free"
      : `${error}. Set HOST and PORT to an address of this machine`;
    throw new Error(`Cannot listen on ${hostname}:${port}: ${cure}`, {
      cause: error,
    });
  }
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

/** Writes the URLs so that a terminal makes links of them. */
function greet(urls: Urls): void {
  const lines = Object.entries(urls).map(([name, url]) =>
    `${name.padEnd(10)} ${url}\n`
  );
  write(Deno.stdout, lines.join(""));
}

const encoder = new TextEncoder();

function write(to: typeof Deno.stdout, text: string): void {
  let bytes = encoder.encode(text);
  while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
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
