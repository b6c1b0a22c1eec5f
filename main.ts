/**
 * The whole application, from top to bottom: configuration, store, layers, routes,
 * start and stop.
 *
 * @module
 */

import { type Config, readConfig } from "./server/config.ts";
import type { Log } from "./server/log.ts";
import { clientAddress } from "./http/client_address.ts";
import { describeError } from "./server/describe_error.ts";
import { Problem } from "./http/problem.ts";
import { requestState } from "./http/request_state.ts";
import { accessLog } from "./middleware/access_log.ts";
import { bearerTokens } from "./middleware/bearer_tokens.ts";
import { bodyLimit } from "./middleware/body_limit.ts";
import { compose, type Middleware } from "./middleware/compose.ts";
import { cors } from "./middleware/cors.ts";
import { deadline } from "./middleware/deadline.ts";
import { errors } from "./middleware/errors.ts";
import { host } from "./middleware/host.ts";
import { rateLimit } from "./middleware/rate_limit.ts";
import { requestId } from "./middleware/request_id.ts";
import { securityHeaders } from "./middleware/security_headers.ts";
import { stampHeaders } from "./middleware/stamp_headers.ts";
import { telemetry } from "./middleware/telemetry.ts";
import { timing } from "./middleware/timing.ts";
import { docsRoutes } from "./routes/docs/routes.ts";
import { healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.ts";
import { pingRoutes } from "./routes/ping.ts";
import { problemRoutes } from "./routes/problems.ts";
import { type Route, router } from "./routes/router.ts";
import { playgroundRoutes } from "./routes/playground/routes.ts";
import { Recorder } from "./routes/playground/recorder.ts";
import { eventRoutes } from "./routes/tasks/events.ts";
import { openTaskStore } from "./routes/tasks/kv_store.ts";
import { TASKS } from "./routes/tasks/openapi.ts";
import { taskRoutes } from "./routes/tasks/routes.ts";
import { corsPolicy } from "./server/cors_policy.ts";
import type { App } from "./server/serve.ts";
import { start } from "./server/start.ts";

export type { App };

/** Options for {@linkcode createApp}. */
export interface AppOptions {
  /**
   * What differs from the defaults.
   *
   * @default {{}}
   */
  config?: Partial<Config>;
  /**
   * Writes log lines.
   *
   * @default {() => {}}
   */
  log?: Log;
}

/**
 * Creates the API. It opens no port, reads no environment, and keeps its tasks in
 * memory where `config.kvPath` does not say otherwise.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * await using app = await createApp();
 * const response = await app.fetch(new Request("http://localhost/ping"));
 *
 * assertEquals(await response.json(), { ok: true });
 * assertEquals(response.headers.get("X-Handled-By"), "tasks-api");
 * ```
 *
 * @param options Additional options.
 * @returns The API. Declare it with `await using`, so that its store is closed.
 * @throws {Error} If the store cannot be opened, with the cure in its message.
 */
export async function createApp(options: AppOptions = {}): Promise<App> {
  const { log = () => {} } = options;
  const config = { ...DEFAULTS, ...options.config };
  const stopping = new AbortController();
  const stopped = new AbortController();

  const store = await openTaskStore({
    path: config.kvPath,
    timeoutMs: config.storeTimeoutMs,
  });
  const { appName: name, appVersion: version, apiTokens: hashes } = config;
  const recorder = config.appMode === "development"
    ? new Recorder()
    : undefined;
  const routes: Route[] = [
    ...pingRoutes(),
    ...healthRoutes({ ping: () => store.ping(), stopping: stopping.signal }),
    ...taskRoutes(store),
    ...eventRoutes(store, { stopping: stopping.signal }),
    ...docsRoutes({ name, version, resources: [TASKS] }),
    ...problemRoutes(),
    ...(recorder ? playgroundRoutes({ ...config, recorder }) : []),
  ];
  routes.push(...homeRoutes({ name, version, routes }));
  const layers: Middleware[] = [
    ...(recorder ? [recorder.listen] : []),
    requestId(),
    ...(config.telemetry ? [telemetry()] : []),
    accessLog({ log, quiet: ["/healthz", "/readyz"] }),
    timing(),
    stampHeaders({ "X-Handled-By": name, "X-App-Version": version }),
    ...(config.securityHeaders ? [securityHeaders()] : []),
    cors(corsPolicy(config)),
    ...(config.rateLimit
      ? [rateLimit({ ...config.rateLimit, isOpen: isHealth })]
      : []),
    errors({ report: reportTo(log) }),
    host(),
    deadline({ ms: config.requestTimeoutMs, signal: stopped.signal }),
    ...(hashes.length > 0 ? [bearerTokens({ hashes, isOpen })] : []),
    bodyLimit(config.bodyLimit),
  ];
  const serve = compose(layers, router(routes));

  return {
    routes,
    fetch(request, info): Promise<Response> {
      if (config.rateLimit && info) {
        requestState(request).client = clientOf(request, info, config);
      }
      return serve(request);
    },
    stop: () => stopping.abort(),
    abandon: () => stopped.abort(),
    async [Symbol.asyncDispose](): Promise<void> {
      stopping.abort();
      stopped.abort();
      await store[Symbol.asyncDispose]();
    },
  };
}

const DEFAULTS: Config = {
  ...readConfig(() => undefined),
  kvPath: ":memory:",
};

/** Tells which paths are asked by machines that must not be kept out. */
function isHealth(path: string): boolean {
  return path === "/healthz" || path === "/readyz";
}

/** Tells which paths need no token, where tokens are asked for. */
function isOpen(path: string): boolean {
  return /^\/(?:ping|healthz|readyz|docs|openapi\.json|problems(?:\/.+)?|playground(?:\/.+)?)?$/
    .test(
      path,
    );
}

/** Logs an error once. One that nobody foresaw comes with its stack and its causes. */
function reportTo(log: Log): (error: unknown, request: Request) => void {
  return function report(error, request): void {
    const { id: requestId, route } = requestState(request);
    const known = { requestId, route };
    // An outage of the store gives thousands of these, and no stack tells more.
    if (error instanceof Problem && error.status > 500) {
      log("warn", error.message, { ...known, cause: causeOf(error) });
    } else {
      log("error", "unexpected error", {
        ...known,
        error: describeError(error),
      });
    }
  };
}

/** Says what a problem is due to: to the store, and that to its database. */
function causeOf({ cause }: Problem): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  const causes = cause.cause instanceof Error ? [cause, cause.cause] : [cause];
  return causes.map(String).join(": ").slice(0, 1_000);
}

function clientOf(
  { headers }: Request,
  { remoteAddr }: Deno.ServeHandlerInfo,
  { proxyHops }: Config,
): string {
  const connection = "hostname" in remoteAddr ? remoteAddr.hostname : "";
  return clientAddress(headers, connection, proxyHops);
}

if (import.meta.main) await start(createApp);
