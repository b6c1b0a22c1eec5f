/**
 * A KV Connect server for tests, whose responses can fail on demand.
 *
 * The engine is the one that `npm:@deno/kv` carries for Node. It takes and gives
 * the messages of the protocol as bytes, so all that is left to do here is HTTP/2:
 * Deno's client speaks it without TLS where the URL begins with `http:`.
 *
 * @module
 */

import { createRequire } from "node:module";
import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import {
  type AddressInfo,
  createServer,
  type Server,
  type Socket,
} from "node:net";

/** What a client asks a KV Connect server for. */
export type Call = "metadata" | "snapshot_read" | "atomic_write" | "watch";

/**
 * What goes wrong with a call:
 *
 * - `hang`: it gets no response, and nothing is done;
 * - `fail`: the response is 500, and nothing is done;
 * - `cut`: it is done, and the connection breaks in the middle of the response;
 * - `lose`: it is done, and the connection breaks before the response;
 * - a number: it is done after so many milliseconds.
 */
export type Fault = "hang" | "fail" | "cut" | "lose" | number;

/** The token that the server asks for, and gives. */
export const TOKEN = "a token for tests";

/** As much of the engine as is needed here. */
interface Engine {
  open(path: string, inMemory: boolean, debug: boolean): number;
  close(db: number, debug: boolean): void;
  snapshotRead(db: number, bytes: Uint8Array, debug: boolean): Promise<Bytes>;
  atomicWrite(db: number, bytes: Uint8Array, debug: boolean): Promise<Bytes>;
  startWatch(db: number, bytes: Uint8Array, debug: boolean): Promise<number>;
  dequeueNextWatchMessage(
    db: number,
    watch: number,
    debug: boolean,
  ): Promise<Bytes | undefined>;
  endWatch(db: number, watch: number, debug: boolean): void;
}

type Bytes = Uint8Array<ArrayBuffer>;

// The package does not export its engine, but has a file that exports it.
const engine: Engine = createRequire(import.meta.resolve("@deno/kv"))(
  "./_napi_index.cjs",
);

/** A server, on an empty database in memory and a port that is free. */
export class KvServer implements AsyncDisposable {
  /** What has been asked for so far, in its order. */
  readonly calls: Call[] = [];
  /**
   * Decides what goes wrong with a call.
   *
   * @param call What is asked for.
   * @param nth How often it was asked for before.
   */
  fault: (call: Call, nth: number) => Fault | undefined = () => undefined;

  readonly #db = engine.open(":memory:", true, false);
  readonly #sockets = new Set<Socket>();
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  #tcp: Server | undefined;
  #port = 0;

  /** Starts a server. Declare it with `await using`. */
  static async start(): Promise<KvServer> {
    const server = new KvServer();
    await server.listen();
    return server;
  }

  /** What `Deno.openKv` takes. */
  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, again after {@linkcode KvServer.hangUp} on the same port. */
  async listen(): Promise<void> {
    if (this.#tcp) return;
    const http = createHttpServer();
    http.on("session", (session) => session.on("error", () => {}));
    http.on("stream", (stream, headers) => {
      stream.on("error", () => {});
      this.#respond(stream, headers).catch((error) => {
        // What the engine refuses, a client must not send again.
        end(stream, 400, String(error));
      });
    });
    // HTTP/2 gets its connections from here, so that they can be broken.
    const tcp = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => this.#sockets.delete(socket));
      http.emit("connection", socket);
    });
    this.#tcp = tcp;
    await new Promise<void>((listening) =>
      tcp.listen(this.#port, "127.0.0.1", listening)
    );
    this.#port = (tcp.address() as AddressInfo).port;
  }

  /** Breaks every connection and takes no more. What is stored stays. */
  async hangUp(): Promise<void> {
    const tcp = this.#tcp;
    this.#tcp = undefined;
    const closed = new Promise((closed) => tcp?.close(closed));
    this.breakConnections();
    if (tcp) await closed;
  }

  /** Breaks every connection. New ones are taken. */
  breakConnections(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    await this.hangUp();
    engine.close(this.#db, false);
  }

  async #respond(
    stream: ServerHttp2Stream,
    headers: IncomingHttpHeaders,
  ): Promise<void> {
    const body = await bytesOf(stream);
    const path = headers[":path"]!;
    const call = path === "/" ? "metadata" : path.slice(4) as Call;
    if (headers.authorization !== `Bearer ${TOKEN}`) {
      return end(stream, 401, "the token is another one");
    }
    const fault = this.fault(call, count(this.calls, call));
    this.calls.push(call);

    if (fault === "hang") return;
    if (fault === "fail") return end(stream, 500, "a fault");
    if (typeof fault === "number") await this.#wait(fault);
    if (call === "watch") return await this.#watch(stream, body);
    const response = await this.#do(call, body);
    if (fault === "lose") return this.breakConnections();
    if (fault !== "cut") return end(stream, 200, response);
    stream.respond({ ":status": 200, "content-length": response.length });
    stream.write(response.subarray(0, response.length / 2));
    await this.#wait(10);
    this.breakConnections();
  }

  async #do(call: Exclude<Call, "watch">, body: Uint8Array): Promise<Bytes> {
    if (call === "snapshot_read") {
      return await engine.snapshotRead(this.#db, body, false);
    }
    if (call === "atomic_write") {
      return await engine.atomicWrite(this.#db, body, false);
    }
    return new TextEncoder().encode(JSON.stringify({
      version: 3,
      databaseId: "00000000-0000-4000-8000-000000000000",
      token: TOKEN,
      expiresAt: new Date(Date.now() + 3_600_000).toISOString(),
      endpoints: [{ url: "/kv", consistency: "strong" }],
    }));
  }

  /** Sends each message after its length: four bytes, the least first. */
  async #watch(stream: ServerHttp2Stream, body: Uint8Array): Promise<void> {
    const watch = await engine.startWatch(this.#db, body, false);
    stream.on("close", () => engine.endWatch(this.#db, watch, false));
    stream.respond({ ":status": 200 });
    for (;;) {
      const message = await engine.dequeueNextWatchMessage(
        this.#db,
        watch,
        false,
      );
      if (message === undefined || stream.destroyed) return;
      const length = new Uint8Array(4);
      new DataView(length.buffer).setUint32(0, message.length, true);
      stream.write(length);
      stream.write(message);
    }
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#timers.delete(timer);
        resolve();
      }, ms);
      this.#timers.add(timer);
    });
  }
}

function end(
  stream: ServerHttp2Stream,
  status: number,
  body: string | Uint8Array,
): void {
  if (stream.destroyed) return;
  stream.respond({ ":status": status });
  stream.end(body);
}

async function bytesOf(stream: ServerHttp2Stream): Promise<Uint8Array> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

function count(calls: readonly Call[], call: Call): number {
  return calls.filter((it) => it === call).length;
}
