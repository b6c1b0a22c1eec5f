// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Creates example tasks in a running server.
 *
 * ```sh
 * deno task seed [url] [token]
 * ```
 *
 * @module
 */

import { urlOf } from "./serve.ts";

/** Options for {@linkcode seed}. */
export interface SeedOptions {
  /**
   * Bearer token, for a server with `API_TOKENS`.
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

const TASKS = [
  { title: "Read the README", priority: "high", done: true },
  { title: "Send a request from /docs", priority: "high" },
  { title: "Follow a guide: add a layer", priority: "medium" },
  { title: "Let a page in with ALLOWED_ORIGINS", priority: "medium" },
  { title: "Delete the example and keep the rest", priority: "low" },
];

/**
 * Creates the example tasks whose titles are not among the newest 100 tasks.
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
 * @returns How many tasks were created.
 * @throws {Error} If the server cannot be reached or rejects a request.
 */
export async function seed(
  url: string,
  options: SeedOptions = {},
): Promise<number> {
  const { token, send = fetch } = options;

  async function call(path: string, init?: RequestInit): Promise<Response> {
    const request = new Request(new URL(path, url), init);
    request.headers.set("Content-Type", "application/json");
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    const response = await send(request);
    if (response.ok) return response;
    throw new Error(`${response.status}: ${await response.text()}`);
  }

  const { items } = await (await call("/tasks?limit=100")).json();
  const titles = new Set(items.map(({ title }: { title: string }) => title));
  const missing = TASKS.filter(({ title }) => !titles.has(title));
  for (const task of missing) {
    const body = JSON.stringify(task);
    await (await call("/tasks", { method: "POST", body })).body?.cancel();
  }
  return missing.length;
}

async function main(): Promise<number> {
  const host = Deno.env.get("HOST") || "127.0.0.1";
  const port = Number(Deno.env.get("PORT") || 8000);
  const [url = urlOf(host, port), token] = Deno.args;
  try {
    const created = await seed(url, { token });
    console.log(`Created ${created} tasks: ${url}/tasks`);
    return 0;
  } catch (error) {
    console.error(`Cannot seed ${url}: ${(error as Error).message}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main());
