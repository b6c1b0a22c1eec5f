/**
 * Starts and ends the servers that are compared, each on one core.
 *
 * @module
 */

import { EXAMPLE_ORIGIN } from "./cases.ts";

/** How to start a server. */
export interface Recipe {
  /** Its name in the table. */
  readonly name: string;
  /** What it runs on. */
  readonly runtime: "Deno" | "Node" | "Python";
  /** The program, and its arguments. "PORT" in one stands for the port. */
  readonly command: readonly string[];
  /** The cores that it has, if not the first alone. */
  readonly cores?: string;
  /** Environment variables, beside the port and the store. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server that is ready. */
export interface Server extends AsyncDisposable {
  /** How it was started. */
  readonly recipe: Recipe;
  /** Where it listens. */
  readonly url: string;
  /** Milliseconds from its start to its first response. */
  readonly startMs: number;
  /** Seconds that it has spent on its core so far. */
  cpu(): Promise<number>;
  /** Megabytes of memory that it holds. */
  memory(): Promise<number>;
}

const ROOT = new URL("../../../", import.meta.url).pathname;
const PEERS = `${ROOT}template/bench/peers/`;

function onDeno(name: string, file: string): Recipe {
  const config = `--config=${PEERS}deno.json`;
  return {
    name,
    runtime: "Deno",
    command: [Deno.execPath(), "run", "-A", config, PEERS + file],
  };
}

function onNode(name: string): Recipe {
  const file = `${PEERS}${name.toLowerCase()}.js`;
  return { name, runtime: "Node", command: ["node", file] };
}

function template(name: string, logLevel: string): Recipe {
  return {
    name,
    runtime: "Deno",
    command: [Deno.execPath(), "run", "-A", "--no-prompt"]
      .concat(`${ROOT}main.ts`, "serve"),
    env: {
      ALLOWED_ORIGINS: EXAMPLE_ORIGIN,
      APP_VERSION: "0.1.0",
      LOG_FORMAT: "json",
      LOG_LEVEL: logLevel,
    },
  };
}

/** What a server on Deno can do at most. */
export const BARE = onDeno("bare Deno.serve", "bare.js");

/** What it can do with the headers of the template. */
export const BY_HAND = onDeno("by hand", "by_hand.js");

/** All that can be compared. */
export const RECIPES: readonly Recipe[] = [
  BARE,
  BY_HAND,
  onDeno("the plainest chain", "chain.js"),
  template("this template", "warn"),
  template("… with its log", "info"),
  { ...template("… one thread, two cores", "warn"), cores: "0,1" },
  {
    ...template("… two threads, two cores", "warn"),
    command: [Deno.execPath(), "serve", "-A", "--no-prompt", "--parallel"]
      .concat(`--config=${ROOT}deno.json`, "--host=127.0.0.1")
      .concat("--port=PORT", `${ROOT}main.ts`),
    cores: "0,1",
  },
  onDeno("elysia", "elysia.js"),
  onDeno("elysia with equal guards and a log", "elysia_guards.js"),
  onDeno("h3", "h3.js"),
  onDeno("Hono with layers by hand", "hono.js"),
  onDeno("Hono with its own layers", "hono_layers.js"),
  onDeno("Hono with equal guards and a log", "hono_guards.js"),
  onDeno("oak", "oak.js"),
  onNode("Fastify"),
  onNode("Koa"),
  onNode("Express"),
  {
    name: "FastAPI",
    runtime: "Python",
    command: [`${PEERS}.venv/bin/python`, `${PEERS}fastapi_app.py`],
  },
];

/** An empty `Deno.serve`: what starting costs at least. */
export const EMPTY: Recipe = {
  name: "empty Deno.serve",
  runtime: "Deno",
  command: [Deno.execPath(), "run", "-A", `${PEERS}empty.js`],
};

/** What runs, and the folder of each. */
const running = new Map<Deno.ChildProcess, string>();

/** Ends all servers, for a program that is stopped. */
export function endAll(): void {
  for (const [child, folder] of running) {
    child.kill("SIGKILL");
    Deno.removeSync(folder, { recursive: true });
  }
}

let lastPort = 18_000 + Math.floor(Math.random() * 2_000);

/**
 * Starts a server on its core, and waits for its first response.
 *
 * @param recipe How to start it.
 * @returns The server. Declare it with `await using`, so that it ends.
 */
export async function startServer(recipe: Recipe): Promise<Server> {
  const folder = await Deno.makeTempDir({ prefix: "bench-" });
  const port = ++lastPort;
  const url = `http://127.0.0.1:${port}`;
  const start = performance.now();
  const child = new Deno.Command("taskset", {
    args: ["-c", recipe.cores ?? "0", ...recipe.command]
      .map((arg) => arg.replace("PORT", String(port))),
    cwd: folder,
    env: {
      ...recipe.env,
      PORT: String(port),
      KV_PATH: `${folder}/tasks.sqlite3`,
      NODE_ENV: "production",
    },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  running.set(child, folder);
  const errors = new Response(child.stderr).text();
  const ended = child.status.then(async ({ code }) => {
    running.delete(child);
    throw new Error(`It ended with ${code}: ${await errors}`);
  });
  ended.catch(() => {});
  const server: Server = {
    recipe,
    url,
    get startMs(): number {
      return startMs;
    },
    cpu: () => secondsOnCore(child.pid),
    memory: () => residentMegabytes(child.pid),
    async [Symbol.asyncDispose](): Promise<void> {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
  let startMs = NaN;
  try {
    await Promise.race([firstResponse(`${url}/ping`), ended]);
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw new Error(`Cannot start ${recipe.name}`, { cause: error });
  }
  startMs = performance.now() - start;
  return server;
}

async function firstResponse(url: string): Promise<void> {
  for (let tries = 0; tries < 5_000; tries++) {
    try {
      await (await fetch(url)).body?.cancel();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
  throw new Error(`Nothing responds at ${url}`);
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024;
}

async function secondsOnCore(pid: number): Promise<number> {
  let nanoseconds = 0;
  for await (const { name } of Deno.readDir(`/proc/${pid}/task`)) {
    const path = `/proc/${pid}/task/${name}/schedstat`;
    // A thread may have ended meanwhile.
    const text = await Deno.readTextFile(path).catch(() => "0");
    nanoseconds += parseInt(text);
  }
  return nanoseconds / 1e9;
}
