/**
 * The whole application: resources, database, routes, layers.
 *
 * @module
 */

import { type Config, readConfig } from "./server/config.ts";
import type { Log } from "./server/log.ts";
import { clientAddress } from "./http/client_address.ts";
import { requestState } from "./http/request_state.ts";
import { accessLog } from "./middleware/access_log.ts";
import { bearerTokens } from "./middleware/bearer_tokens.ts";
import { bodyLimit } from "./middleware/body_limit.ts";
import { cacheControl } from "./middleware/cache_control.ts";
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
import { HEALTH_PATHS, healthRoutes } from "./routes/health.ts";
import { homeRoutes } from "./routes/home.ts";
import { pingRoutes } from "./routes/ping.ts";
import { problemRoutes } from "./routes/problems.ts";
import { open, openRequests, type Route, router } from "./routes/router.ts";
import { createPlayground } from "./routes/playground/playground.ts";
import { type Resource, resourceRoutes } from "./routes/resource.ts";
import { tasks } from "./routes/tasks.ts";
import { corsPolicy } from "./server/cors_policy.ts";
import { reportTo } from "./server/report.ts";
import type { App } from "./server/serve.ts";
import { type Served, start } from "./server/start.ts";
import { openDatabase } from "./store/database.ts";

export type { App };

/** What the API serves. The home page and the documentation list it, too. */
export const RESOURCES: readonly Resource[] = [tasks];

/** Options for {@linkcode createApp}. */
export interface AppOptions {
  /** Settings that differ from the defaults. Without `kvPath`, data is in memory. */
  config?: Partial<Config>;
  /** Writes log lines. */
  log?: Log;
  /** What to serve in place of {@linkcode RESOURCES}. */
  resources?: readonly Resource[];
}

/**
 * Creates the API, without opening a port or reading the environment.
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
 * @returns The API. Declare it with `await using`, so that its store is closed.
 * @throws {Error} If the store cannot be opened, with the cure in its message.
 */
export async function createApp(options: AppOptions = {}): Promise<App> {
  const { log = () => {}, resources = RESOURCES } = options;
  const defaults = { ...readConfig(() => undefined), kvPath: ":memory:" };
  const config: Config = { ...defaults, ...options.config };
  const { appName: name, appVersion: version, publicUrl } = config;
  const { apiTokens: hashes, contact, proxyHops } = config;
  const isDevelopment = config.appMode === "development";
  const stopping = new AbortController();
  const stopped = new AbortController();

  await using opened = new AsyncDisposableStack();
  const database = opened.use(
    await openDatabase(config.kvPath, {
      timeoutMs: config.storeTimeoutMs,
      report: (message) => log("warn", message),
    }),
  );
  const playground = isDevelopment
    ? createPlayground(config.allowedOrigins)
    : undefined;

  // The home page and the document read this list at their first request.
  const routes: Route[] = [];
  const about = { name, version, publicUrl, resources, routes, contact };
  routes.push(
    ...open([
      ...pingRoutes(),
      ...healthRoutes(() => database.ping(), stopping.signal),
      ...docsRoutes(about),
      ...problemRoutes(publicUrl),
      // The live page sends no token.
      ...homeRoutes({ ...about, live: config.homePage && !hashes.length }),
      ...(playground?.routes ?? []),
    ]),
  );
  for (const resource of resources) {
    const collection = await database.collection(resource);
    const streams = { stopping: stopping.signal };
    routes.push(...resourceRoutes(resource, collection, streams));
  }

  const layers: Middleware[] = [
    ...(playground ? [playground.record] : []),
    requestId(),
    ...(config.telemetry ? [telemetry()] : []),
    accessLog({ log, quiet: HEALTH_PATHS, withClient: config.logClient }),
    timing(),
    stampHeaders({ "X-Handled-By": name, "X-App-Version": version }),
    ...(config.securityHeaders ? [securityHeaders()] : []),
    cors(corsPolicy(config)),
    cacheControl(hashes.length > 0 ? "private, no-cache" : "no-cache"),
    ...(config.rateLimit
      ? [rateLimit({ ...config.rateLimit, except: HEALTH_PATHS })]
      : []),
    errors({ report: reportTo(log) }),
    host(config.allowedHosts),
    ...(hashes.length > 0
      ? [bearerTokens({ hashes, isOpen: openRequests(routes) })]
      : []),
    bodyLimit(config.bodyLimit),
    deadline({ ms: config.requestTimeoutMs, signal: stopped.signal }),
  ];
  const serve = compose(layers, router(routes), { checked: isDevelopment });

  const toClose = opened.move();
  return {
    routes,
    fetch(request, info): Promise<Response> {
      const state = requestState(request);
      state.publicUrl = publicUrl;
      if (info) {
        const { hostname = "" } = info.remoteAddr as Partial<Deno.NetAddr>;
        state.client = clientAddress(request.headers, hostname, proxyHops);
      }
      return serve(request);
    },
    stop: () => stopping.abort(),
    abandon: () => stopped.abort(),
    async [Symbol.asyncDispose](): Promise<void> {
      stopping.abort();
      stopped.abort();
      await toClose.disposeAsync();
    },
  };
}

/** For `deno serve`. An import of this module starts nothing. */
export default (import.meta.main ? start(createApp) : undefined) as Served;
