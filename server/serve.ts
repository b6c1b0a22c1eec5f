/**
 * Serves the app on a port.
 *
 * @module
 */

import type { Config } from "./config.ts";
import type { Log } from "./log.ts";

/** The API without a port. */
export interface App extends AsyncDisposable {
  /** Every route, for `deno task routes` and for tests. */
  readonly routes: readonly {
    readonly method: string;
    readonly path: string;
  }[];
  /** Handles a request. */
  fetch(request: Request, info?: Deno.ServeHandlerInfo): Promise<Response>;
  /** Begins to stop: `/readyz` responds with 503 and event streams end. */
  stop(): void;
  /** Responds with 503 to every request that is still in flight. */
  abandon(): void;
}

/** Options for {@linkcode serve}. */
export interface ServeOptions {
  /** Where to listen. */
  config: Pick<Config, "host" | "port">;
  /** Writes a line when the server stops listening, and when it listens again. */
  log: Log;
  /** Called once, with the address on which the server listens. */
  onListen: (address: Deno.NetAddr) => void;
}

/**
 * Listens, and handles requests.
 *
 * Deno stops listening when the process has no file descriptor left for a new
 * connection. Open connections continue, and this listens again every 100 ms until
 * it succeeds.
 *
 * @returns A function that stops listening, and resolves when every response is sent.
 * @throws {Error} If it cannot listen. The message says what to change.
 */
export function serve(
  handler: Deno.ServeHandler,
  options: ServeOptions,
): () => Promise<unknown> {
  const { config: { host: hostname, port }, log, onListen } = options;
  const servers: Deno.HttpServer<Deno.NetAddr>[] = [];
  let isStopping = false;

  function listen(port: number, onListen: ServeOptions["onListen"]): void {
    const server = Deno.serve({ hostname, port, onListen }, handler);
    servers.push(server);
    server.finished.catch((error) => listenAgain(server.addr.port, error));
  }

  async function listenAgain(port: number, { message }: Error): Promise<void> {
    log("error", "stopped listening", { error: message });
    while (!isStopping) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      try {
        return listen(port, () => log("info", "listening again"));
      } catch {
        // There is still no file descriptor.
      }
    }
  }

  try {
    listen(port, onListen);
  } catch (error) {
    throw listenError(`${hostname}:${port}`, error);
  }
  return function shutdown(): Promise<unknown> {
    isStopping = true;
    return Promise.allSettled(servers.map((server) => server.shutdown()));
  };
}

/**
 * Creates an error that says why an address cannot be listened on, and what to change.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 *
 * const { message } = listenError("0.0.0.0:80", new Deno.errors.AddrInUse());
 *
 * assertStringIncludes(message, "Set PORT to another one");
 * ```
 */
export function listenError(address: string, cause: unknown): Error {
  const cure = cause instanceof Deno.errors.AddrInUse
    ? "the port is in use. Set PORT to another one, or to 0 for any free port"
    : `${cause}. Set HOST and PORT to an address of this machine`;
  return new Error(`Cannot listen on ${address}: ${cure}`, { cause });
}

/**
 * Returns the URL of a server on this machine.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(urlOf("0.0.0.0", 8000), "http://127.0.0.1:8000");
 * assertEquals(urlOf("::1", 8000), "http://[::1]:8000");
 * ```
 */
export function urlOf(host: string, port: number): string {
  // "All addresses" is not an address that a browser can open.
  const name = host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "::1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
