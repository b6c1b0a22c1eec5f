/**
 * Creates a few tasks in a server that runs, to have something to look at.
 *
 * ```sh
 * deno task seed
 * ```
 *
 * Twice is once: a title that is there is left alone, and each creation has an
 * `Idempotency-Key` of its own.
 *
 * @module
 */

import { complain, paint, progress, write } from "./terminal.ts";

/** Options for {@linkcode seed}. */
export interface SeedOptions {
  /**
   * How many tasks.
   *
   * @default {5}
   */
  count?: number;
  /**
   * Token for a server that asks for one.
   *
   * @default {undefined}
   */
  token?: string | undefined;
  /**
   * Sends a request.
   *
   * @default {fetch}
   */
  send?: (request: Request) => Promise<Response>;
}

const HELP = `\
Creates a few tasks in a server that runs. Twice is once.

Usage: deno task seed [options]

  --count=N      how many tasks (5)
  --url=URL      where the server is (http://127.0.0.1:8000, or HOST and PORT)
  --token=TOKEN  a token, where the server asks for one
  --help         show this
`;

const TASKS = [
  { title: "Read the README", priority: "high", done: true },
  { title: "Send a request from /docs", priority: "high" },
  { title: "Follow a guide: add a layer", priority: "medium" },
  { title: "Let a page in with ALLOWED_ORIGINS", priority: "medium" },
  { title: "Delete the example and keep the rest", priority: "low" },
];

/**
 * Creates the tasks that are not there yet.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createApp } from "../main.ts";
 *
 * await using app = await createApp();
 * const options = { send: (request: Request) => app.fetch(request) };
 *
 * assertEquals(await seed("http://localhost", options), 5);
 * assertEquals(await seed("http://localhost", options), 0);
 * ```
 *
 * @param url Where the server is.
 * @param options Additional options.
 * @returns How many tasks were created.
 * @throws {Error} If the server does not answer, or says no.
 */
export async function seed(
  url: string,
  options: SeedOptions = {},
): Promise<number> {
  const { count = TASKS.length, token, send = fetch } = options;
  const server = new Server(url, token, send);
  const titles = await server.titles();
  const step = progress("Creating task", count);
  let created = 0;
  for (let index = 0; index < count; index++) {
    const task = taskAt(index);
    if (!titles.has(task.title)) {
      await server.create(task, index);
      created++;
    }
    step();
  }
  return created;
}

function taskAt(index: number): { title: string } {
  return TASKS[index] ?? {
    ...TASKS[index % TASKS.length]!,
    title: `Task ${index + 1}`,
  };
}

class Server {
  readonly #url: string;
  readonly #headers: Record<string, string>;
  readonly #send: (request: Request) => Promise<Response>;

  constructor(
    url: string,
    token: string | undefined,
    send: (request: Request) => Promise<Response>,
  ) {
    this.#url = url;
    this.#headers = token ? { Authorization: `Bearer ${token}` } : {};
    this.#send = send;
  }

  async titles(): Promise<Set<string>> {
    const titles = new Set<string>();
    let next: string | null = "/tasks?limit=100";
    while (next !== null) {
      const page: { items: { title: string }[]; next: string | null } =
        await (await this.#ask(next)).json();
      for (const { title } of page.items) titles.add(title);
      next = page.next;
    }
    return titles;
  }

  async create(task: { title: string }, index: number): Promise<void> {
    // The first answer is given again even where the task was deleted since. Its
    // id makes the next key, so that the one after it creates a task anew.
    for (let key = `seed-${index}`;;) {
      const response = await this.#ask("/tasks", {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": key },
        body: JSON.stringify(task),
      });
      const { id } = await response.json();
      const found = await this.#ask(`/tasks/${id}`, {}, [200, 404]);
      await found.body?.cancel();
      if (found.ok) return;
      key = `seed-${index}-${id}`;
    }
  }

  async #ask(
    path: string,
    init: RequestInit = {},
    wanted = [200, 201],
  ): Promise<Response> {
    const headers = { ...this.#headers, ...init.headers };
    const response = await this.#reach(
      new Request(new URL(path, this.#url), { ...init, headers }),
    );
    if (wanted.includes(response.status)) return response;
    const { detail } = await response.json().catch(() => ({}));
    throw new Error(
      `${this.#url} says ${response.status}: ${detail ?? "no reason given"}`,
    );
  }

  async #reach(request: Request): Promise<Response> {
    try {
      return await this.#send(request);
    } catch (cause) {
      throw new Error(
        `Nothing answers at ${this.#url}: start it with "deno task dev"`,
        { cause },
      );
    }
  }
}

function readCommand(args: readonly string[]): SeedOptions & { url: string } {
  const values = new Map<string, string>();
  for (const arg of args) {
    const [, name, value] = /^--(count|url|token)=(.+)$/.exec(arg) ?? [];
    if (name === undefined) {
      throw new Error(`Cannot use "${arg}": --help lists the options`);
    }
    values.set(name, value!);
  }
  const count = Number(values.get("count") ?? TASKS.length);
  if (!Number.isInteger(count) || count < 1 || count > 100_000) {
    throw new Error("Write --count as a whole number from 1 to 100000");
  }
  const url = values.get("url") ?? defaultUrl();
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new Error(`Cannot use the URL "${url}": write http://HOST:PORT`);
  }
  return { count, url, token: values.get("token") };
}

function defaultUrl(): string {
  const host = Deno.env.get("HOST") || "127.0.0.1";
  const name = host === "0.0.0.0" ? "127.0.0.1" : host;
  return `http://${name}:${Deno.env.get("PORT") || "8000"}`;
}

async function main(args: readonly string[]): Promise<number> {
  if (args.includes("--help") || args.includes("-h")) {
    write(Deno.stdout, HELP);
    return 0;
  }
  try {
    const command = readCommand(args);
    const created = await seed(command.url, command);
    const there = command.count! - created;
    const done = paint(Deno.stdout, "green", `Created ${created} tasks`);
    write(Deno.stdout, `${done}, ${there} were there: ${command.url}/tasks\n`);
    return 0;
  } catch (error) {
    complain((error as Error).message);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
