/**
 * Serves the app on a port, and goes on doing so.
 *
 * @module
 */

import type { Config } from "./config.ts";
import type { Log } from "./log.ts";
import { withHeaders } from "../http/with_headers.ts";

/** The API without a port. */
export interface App extends AsyncDisposable {
  /** Every route that it has, for tests and tools to walk. */
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
  }[];
  /** Answers a request. */
  fetch(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response>;
  /** Begins to stop: `/readyz` says 503 and streams of events end. */
  stop(): void;
  /** Answers whatever is not answered yet with 503. */
  abandon(): void;
}

/** What serves. */
export interface Serving {
  /** Asks clients to connect anew for their next request. */
  stop(): void;
  /** Resolves when all that was on its way to the server by now is answered. */
  settle(): Promise<void>;
  /** Takes no more requests, and resolves when all are answered. */
  shutdown(): Promise<void>;
}

/** Options for {@linkcode serve}. */
export interface ServeOptions {
  /** Where to listen. */
  config: Config;
  /** Is told what went wrong. */
  log: Log;
  /** Is told where it listens. */
  onListen: (address: Deno.NetAddr) => void;
}

/**
 * Listens, and answers with the app.
 *
 * Where the process runs out of file descriptors, Deno stops listening. Connections
 * that are there go on, and so does this: it listens again until it can.
 *
 * @param app Answers requests.
 * @param options Where to listen, and whom to tell.
 * @returns What serves.
 * @throws {Error} If it cannot listen, with the cure in its message.
 */
export function serve(app: App, options: ServeOptions): Serving {
  const { config: { host: hostname, port }, log, onListen } = options;
  const servers = new Set<Deno.HttpServer<Deno.NetAddr>>();
  const uploads = new Set<Promise<Response>>();
  let isStopping = false;

  async function close(answer: Promise<Response>): Promise<Response> {
    return withHeaders(await answer, (headers) => {
      headers.set("Connection", "close");
    });
  }

  function handle(
    request: Request,
    info: Deno.ServeHandlerInfo,
  ): Promise<Response> {
    const answer = app.fetch(request, info);
    if (request.method !== "GET") {
      uploads.add(answer);
      answer.finally(() => uploads.delete(answer)).catch(() => {});
    }
    return isStopping ? close(answer) : answer;
  }

  function begin(port: number, onListen: ServeOptions["onListen"]): void {
    const server = Deno.serve({ hostname, port, onListen }, handle);
    servers.add(server);
    server.finished.catch((error) => again(server.addr.port, error));
  }

  async function again(port: number, { message }: Error): Promise<void> {
    log("error", "not listening for a moment", { error: message });
    await new Promise((resolve) => setTimeout(resolve, 100));
    if (isStopping) return;
    try {
      begin(port, () => {});
    } catch (error) {
      again(port, error as Error);
    }
  }

  try {
    begin(port, onListen);
  } catch (error) {
    throw explain(`${hostname}:${port}`, error);
  }
  return {
    stop: () => void (isStopping = true),
    async settle(): Promise<void> {
      await Promise.allSettled(uploads);
    },
    async shutdown(): Promise<void> {
      await Promise.allSettled([...servers].map((each) => each.shutdown()));
    },
  };
}

function explain(where: string, cause: unknown): Error {
  const cure = cause instanceof Deno.errors.AddrInUse
    ? "something else listens there. Set PORT to another one, or to 0 for any that is free"
    : `${cause}. Set HOST and PORT to an address of this machine`;
  return new Error(`Cannot listen on ${where}: ${cure}`, { cause });
}
