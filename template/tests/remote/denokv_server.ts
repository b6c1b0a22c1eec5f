/**
 * The real KV Connect server, `denokv`, in its own process.
 *
 * @module
 */

import { TOKEN } from "./kv_server.ts";
import type { RemoteKv } from "./fixture.ts";

/** A `denokv`, on an empty database in a folder that goes with it. */
export class DenokvServer implements RemoteKv {
  readonly #child: Deno.ChildProcess;
  readonly #folder: string;
  /** What `Deno.openKv` takes. */
  readonly url: string;

  private constructor(program: string, folder: string, port: number) {
    this.#folder = folder;
    this.url = `http://127.0.0.1:${port}`;
    const file = `${folder}/kv.sqlite3`;
    const serve = ["serve", `--addr=127.0.0.1:${port}`];
    this.#child = new Deno.Command(program, {
      args: [`--sqlite-path=${file}`, ...serve, `--access-token=${TOKEN}`],
      stdout: "null",
      stderr: "null",
    }).spawn();
  }

  /** Starts a program, and waits until it listens. */
  static async start(program: string): Promise<DenokvServer> {
    const folder = await Deno.makeTempDir();
    const port = freePort();
    const server = new DenokvServer(program, folder, port);
    while (!await listens(port)) await new Promise((go) => setTimeout(go, 10));
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#child.status;
    await Deno.remove(this.#folder, { recursive: true });
  }
}

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

async function listens(port: number): Promise<boolean> {
  try {
    using _connection = await Deno.connect({ hostname: "127.0.0.1", port });
    return true;
  } catch {
    return false;
  }
}
