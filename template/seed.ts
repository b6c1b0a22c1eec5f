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

import { readConfig } from "../server/config.ts";
import { readEnvironment } from "../server/environment.ts";
import { urlOf } from "../server/serve.ts";

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
 * await using server = Deno.serve(
 *   { hostname: "127.0.0.1", port: 0, onListen() {} },
 *   (request) => app.fetch(request),
 * );
 *
 * assertEquals(await seed(`http://127.0.0.1:${server.addr.port}`), 5);
 * ```
 *
 * @param url The server.
 * @param token A bearer token, for a server with `API_TOKENS`.
 * @returns How many tasks were created.
 * @throws {Error} If the server cannot be reached or rejects a request.
 */
export async function seed(url: string, token?: string): Promise<number> {
  const headers = {
    "Content-Type": "application/json",
    ...(token && { Authorization: `Bearer ${token}` }),
  };

  async function call(path: string, init?: RequestInit): Promise<string> {
    const response = await fetch(new URL(path, url), { ...init, headers });
    const text = await response.text();
    if (response.ok) return text;
    throw new Error(`${response.status}: ${text}`);
  }

  const { items } = JSON.parse(await call("/tasks?limit=100"));
  const titles = new Set(items.map(({ title }: { title: string }) => title));
  const missing = TASKS.filter(({ title }) => !titles.has(title));
  for (const task of missing) {
    await call("/tasks", { method: "POST", body: JSON.stringify(task) });
  }
  return missing.length;
}

async function main([given, token]: readonly string[]): Promise<number> {
  const { host, port } = readConfig(readEnvironment().env);
  const url = given ?? urlOf(host, port);
  try {
    const created = await seed(url, token);
    console.log(`Created ${created} tasks: ${url}/tasks`);
    return 0;
  } catch (error) {
    console.error(`Cannot seed ${url}: ${(error as Error).message}`);
    return 1;
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args));
