import type { Config } from "../server/config.ts";
import type { LogFields } from "../server/log.ts";
import { createApp, RESOURCES } from "../main.ts";
import type { Resource } from "../routes/resource.ts";
import type { App } from "../server/serve.ts";

/** One line of the log. */
export type LogLine = LogFields & { level: string; message: string };

/** The whole API in this process, on its own empty store. */
export interface TestApp extends AsyncDisposable {
  /** What the API has logged so far. */
  readonly log: readonly LogLine[];
  /** Every route that the API has. */
  readonly routes: App["routes"];
  /** Sends a request to a path. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Sends JSON to a path. */
  send(
    method: string,
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<Response>;
  /** Begins to stop. */
  stop(): void;
}

/** Opens the API. Declare it with `await using`, so that its store is closed. */
export async function openApp(
  config: Partial<Config> = {},
  resources: readonly Resource[] = RESOURCES,
): Promise<TestApp> {
  const log: LogLine[] = [];
  const app = await createApp({
    config,
    resources,
    log: (level, message, fields) => log.push({ level, message, ...fields }),
  });

  function fetch(path: string, init?: RequestInit): Promise<Response> {
    return app.fetch(new Request(`http://localhost:8000${path}`, init));
  }

  return {
    log,
    routes: app.routes,
    fetch,
    send: (method, path, body, headers) =>
      fetch(path, {
        method,
        headers: { "Content-Type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
    stop: () => app.stop(),
    [Symbol.asyncDispose]: () => app[Symbol.asyncDispose](),
  };
}
