/**
 * The whole application, from top to bottom: configuration, store, layers, routes,
 * start and stop.
 *
 * @module
 */

import { type Config, readConfig } from "./config.ts";
import type { Log } from "./http/log.ts";
import { clientAddress } from "./http/client_address.ts";
import { describeError } from "./http/describe_error.ts";
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
import { open, openRequests, type Route, router } from "./routes/router.ts";
import { playgroundRoutes } from "./routes/playground/routes.ts";
import { Recorder } from "./routes/playground/recorder.ts";
import { eventRoutes } from "./routes/tasks/events.ts";
import { openTaskStore } from "./routes/tasks/kv_store.ts";
import { TASKS } from "./routes/tasks/openapi.ts";
import { taskRoutes } from "./routes/tasks/routes.ts";
import { start } from "./start.ts";

/** The API without a port. */
export interface App extends AsyncDisposable {
  /** Every route that it has, for tests and tools to walk. */
  readonly routes: readonly Route[];
  /** Answers a request. */
  fetch(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response>;
  /** Begins to stop: `/readyz` says 503 and streams of events end. */
  stop(): void;
  /** Answers whatever is not answered yet with 503. */
  abandon(): void;
}

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
    ...taskRoutes(store),
    ...eventRoutes(store, { stopping: stopping.signal }),
    ...open([
      ...pingRoutes(),
      ...healthRoutes({ ping: () => store.ping(), stopping: stopping.signal }),
      ...docsRoutes({ name, version, resources: [TASKS] }),
      ...problemRoutes(),
      ...(recorder ? playgroundRoutes({ ...config, recorder }) : []),
    ]),
  ];
  routes.push(...open(homeRoutes({ name, version, routes })));
  const layers: Middleware[] = [
    ...(recorder ? [recorder.listen] : []),
    requestId(),
    ...(config.telemetry ? [telemetry()] : []),
    accessLog({ log, quiet: HEALTH }),
    timing(),
    stampHeaders({ "X-Handled-By": name, "X-App-Version": version }),
    ...(config.securityHeaders ? [securityHeaders()] : []),
    cors({
      ...CORS,
      origins: config.allowedOrigins,
      credentials: config.corsCredentials,
    }),
    ...(config.rateLimit
      ? [rateLimit({ ...config.rateLimit, except: HEALTH })]
      : []),
    errors({ report: reportTo(log) }),
    host(),
    ...(hashes.length > 0
      ? [bearerTokens({ hashes, isOpen: openRequests(routes) })]
      : []),
    bodyLimit(config.bodyLimit),
    deadline({ ms: config.requestTimeoutMs, signal: stopped.signal }),
  ];
  const checked = config.appMode === "development";
  const serve = compose(layers, router(routes), { checked });

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

/** What pages of the allowed origins may send and read. */
const CORS = {
  methods: ["PATCH", "DELETE"],
  headers: [
    "Authorization",
    "Content-Type",
    "Idempotency-Key",
    "If-Match",
    "If-None-Match",
    "Last-Event-ID",
    "X-Request-Id",
    "traceparent",
    "tracestate",
  ],
  exposeHeaders: [
    "ETag",
    "Link",
    "Location",
    "RateLimit",
    "RateLimit-Policy",
    "Retry-After",
    "Server-Timing",
    "X-App-Version",
    "X-Handled-By",
    "X-Process-Time",
    "X-Request-Id",
  ],
};

/** Paths of health checks: they are not counted, and logged at `debug`. */
const HEALTH = ["/healthz", "/readyz"];

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
