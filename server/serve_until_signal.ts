/**
 * Serves the app until a signal.
 *
 * @module
 */

import { withHeaders } from "../http/with_headers.ts";
import { type Config, readConfig } from "./config.ts";
import { readEnvironment } from "./environment.ts";
import { type LineWriter, lineWriter } from "./line_writer.ts";
import { createLog, type Log } from "./log.ts";
import { describeError } from "./report.ts";
import { type App, serve, urlOf } from "./serve.ts";

/** How long `/readyz` responds with 503 before the server stops listening. */
const GRACE_MS = 300;

/** Creates the app. */
export type CreateApp = (
  options: { config?: Partial<Config>; log?: Log },
) => Promise<App>;

/**
 * Serves the app until SIGINT, SIGTERM, SIGHUP or SIGQUIT. Requests in flight finish,
 * the store closes, and the exit status is 0. A second signal kills the process.
 *
 * Under `deno serve`, Deno listens when it has loaded the main module. Under `deno run`
 * nothing is then left to do, so Deno dispatches `beforeunload`, and this listens on
 * `HOST` and `PORT`.
 *
 * @param fail Called if the app cannot be created, or cannot listen.
 * @returns The default export for `deno serve`.
 */
export function serveUntilSignal(
  createApp: CreateApp,
  fail: (error: unknown) => never,
): Deno.ServeDefaultExport {
  const { env, folder } = readEnvironment();
  const config = readConfig(env, folder);
  const [log, lines] = openLog(config);
  const inFlight = new Set<Promise<Response>>();
  let app: App | undefined;
  let opening: Promise<App> | undefined;
  let shutdown: (() => Promise<unknown>) | undefined;
  let isStopping = false;

  function open(): Promise<App> {
    return opening ??= createApp({ config, log })
      .then((created) => app = created)
      .catch(fail);
  }

  function fetch(
    request: Request,
    info: Deno.ServeHandlerInfo,
  ): Promise<Response> {
    const response = app
      ? app.fetch(request, info)
      : open().then((app) => app.fetch(request, info));
    // shutdown() waits for responses, but breaks off a body that is being uploaded.
    if (request.method !== "GET" || !shutdown) {
      inFlight.add(response);
      response.finally(() => inFlight.delete(response)).catch(() => {});
    }
    return isStopping ? close(response) : response;
  }

  function onListen(address: Deno.Addr): void {
    open().then(() => announce(address as Deno.NetAddr, config, log, lines));
  }

  async function listen(): Promise<void> {
    await open();
    shutdown = serve(fetch, { config, log, onListen });
  }

  async function end(): Promise<void> {
    isStopping = true;
    // Other threads of `deno serve --parallel` may need this time.
    exitAfter(4_300);
    if (opening) {
      const settle = (): Promise<unknown> => Promise.allSettled(inFlight);
      await stop(await opening, { settle, shutdown: shutdown ?? settle });
    }
    if (shutdown) exitAfter(200);
    await lines.flush();
  }

  // An unhandled rejection is an error in one route: keep serving.
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    const { reason } = event;
    if (!opening) {
      // Deno could not listen for `deno serve`, and would dispatch `beforeunload`.
      fail(
        `Cannot start: ${reason}. "deno serve" listens on --host and --port`,
      );
    }
    log("error", "unhandled rejection", { error: describeError(reason) });
  });
  firstSignal(config).then(end);
  addEventListener("beforeunload", (event) => {
    if (opening || isStopping) return;
    event.preventDefault();
    listen().catch(fail);
  });
  return { fetch, onListen };
}

/**
 * Stops the server, then closes the app.
 *
 * The server stops listening when every request that it has received has its
 * response, but not before 300 ms: until then a proxy can see that `/readyz`
 * responds with 503.
 *
 * Deno Deploy kills a process five seconds after SIGINT. So requests in flight get
 * a 503 after 3.5 s, the app is closed after 4 s, and this resolves after 4.1 s
 * even if the store does not close.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { FakeTime } from "@std/testing/time";
 *
 * using time = new FakeTime();
 * const never = () => new Promise<void>(() => {});
 * const app = { stop() {}, abandon() {}, [Symbol.asyncDispose]: never };
 * const start = time.now;
 * const stopped = stop(app, { settle: never, shutdown: never }).then(() => time.now - start);
 * await time.runAllAsync();
 *
 * assertEquals(await stopped, 4_100);
 * ```
 *
 * @param requests `settle` resolves when those with a body have their responses;
 * `shutdown` stops listening, and resolves when every response is sent.
 */
export async function stop(
  app: Omit<App, "fetch" | "routes">,
  requests: Record<"settle" | "shutdown", () => Promise<unknown>>,
): Promise<void> {
  const timers: ReturnType<typeof setTimeout>[] = [];
  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => timers.push(setTimeout(resolve, ms)));
  }

  app.stop();
  const settled = Promise.all([pause(GRACE_MS), requests.settle()]);
  const abandoned = pause(3_500).then(() => app.abandon());
  const closing = pause(4_000);
  const end = pause(4_100);
  await Promise.race([settled, abandoned]);
  await Promise.race([requests.shutdown(), closing]);
  await Promise.race([app[Symbol.asyncDispose](), end]);
  // A timer would keep the process running.
  timers.forEach(clearTimeout);
}

async function close(response: Promise<Response>): Promise<Response> {
  return withHeaders(await response, (headers) => {
    headers.set("Connection", "close");
  });
}

/** Exits, unless the process ends before, with nothing left to do. */
function exitAfter(ms: number): void {
  Deno.unrefTimer(setTimeout(Deno.exit, ms, 0));
}

/** Resolves at the first signal to stop. A second one kills the process. */
function firstSignal({ appMode }: Config): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let first: number | undefined;
  function onSignal(): void {
    const now = performance.now();
    first ??= now;
    // Ctrl-C under `deno task` arrives twice within milliseconds: from the terminal
    // and from `deno task`. These two are one. Not Deno.exit(), which waits for the
    // collector of OpenTelemetry, up to 20 s.
    if (now - first > GRACE_MS) Deno.kill(Deno.pid, "SIGKILL");
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
  const lines = lineWriter(Deno.stdout, (count) => {
    log("warn", "log lines dropped", { count });
  });
  const { logLevel: level } = config;
  const format = formatOf(config);
  const log = createLog({ level, format, write: lines.write });
  return [log, lines];
}

function formatOf({ logFormat }: Config): "text" | "json" {
  return logFormat ?? (Deno.stdout.isTerminal() ? "text" : "json");
}

/** Logs the URLs of the server. In text they are lines that a terminal links. */
function announce(
  { hostname, port }: Deno.NetAddr,
  config: Config,
  log: Log,
  lines: LineWriter,
): void {
  const url = urlOf(hostname, port);
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
