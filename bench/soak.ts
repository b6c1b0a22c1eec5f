/**
 * Puts the real program under a mixed load, for a minute or for as many seconds as
 * the argument says, and ends with what that did to it: `deno task soak 60`.
 *
 * Each worker creates, reads, lists, changes and deletes a task of its own, asks
 * for what is refused, and walks away from requests half way; readers of events
 * come and go. An answer with another status than it should have is an error, as is
 * an event that does not come in order. The exit status is 1 where there was one, or
 * where handles stay open.
 *
 * @module
 */

import { Server } from "../tests/server.ts";

const WORKERS = 16;
const READERS = 10;
const JSON_TYPE = { "Content-Type": "application/json" };

const seconds = Number(Deno.args[0] ?? 60);
const counts = { requests: 0, aborted: 0, events: 0 };
const errors: string[] = [];
const resident: (number | undefined)[] = [];
let sockets: Deno.HttpClient;

const folder = await Deno.makeTempDir();
let status: number;
let handles: (number | undefined)[];
{
  await using server = await Server.start({
    KV_PATH: `${folder}/tasks.sqlite3`,
  });
  // What opens with the first request, of each kind, is open from then on.
  await soak(server, 1);
  const before = await settle(server.pid);
  await soak(server, seconds);
  resident.push(memory(server.pid));
  handles = [before, await settle(server.pid, before)];
  server.signal("SIGTERM");
  status = await server.status();
}
await Deno.remove(folder, { recursive: true });

tell(`${counts.requests} requests, ${counts.aborted} of them aborted`);
tell(`${counts.events} events to ${READERS} readers`);
tell(`${resident[0]} MB resident after 10 s, ${resident.at(-1)} at the end`);
tell(`${handles[0]} open handles before, ${handles[1]} after`);
tell(`exit status ${status}`);
tell(`${errors.length} errors`);
for (const error of errors.slice(0, 10)) tell(`  ${error}`);
const isClean = errors.length === 0 && status === 0 &&
  (handles[1] ?? 0) <= (handles[0] ?? 0);
Deno.exit(isClean ? 0 : 1);

/** Loads the server, and tells every ten seconds how it does. */
async function soak(server: Server, seconds: number): Promise<void> {
  const signal = AbortSignal.timeout(seconds * 1000);
  sockets = Deno.createHttpClient({ poolMaxIdlePerHost: WORKERS + READERS });
  const start = performance.now();
  const progress = setInterval(() => {
    resident.push(memory(server.pid));
    const elapsed = Math.round((performance.now() - start) / 1000);
    tell(
      `${elapsed} s: ${counts.requests} requests, ${errors.length} errors, ${
        resident.at(-1)
      } MB resident`,
    );
  }, 10_000);
  await Promise.all([
    ...Array.from({ length: WORKERS }, () => work(server.url, signal)),
    ...Array.from({ length: READERS }, () => read(server.url, signal)),
  ]);
  clearInterval(progress);
  sockets.close();
}

/** Goes through the life of one task after another. */
async function work(url: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const key = { "Idempotency-Key": `"${crypto.randomUUID()}"` };
    const post = { method: "POST", body: '{"title":"Soak"}' };
    const headers = { ...JSON_TYPE, ...key };
    const created = await send(201, `${url}/tasks`, { ...post, headers });
    const task = url + created.headers.get("Location");
    const seen = { "If-None-Match": created.headers.get("ETag")! };
    const patch = { method: "PATCH", body: '{"done":true}' };

    await send(201, `${url}/tasks`, { ...post, headers });
    await send(304, task, { headers: seen });
    await send(200, `${url}/tasks?limit=20&done=false`);
    await send(200, task, { ...patch, headers: JSON_TYPE });
    await send(412, task, {
      ...patch,
      headers: { ...JSON_TYPE, "If-Match": '"0"' },
    });
    await send(422, `${url}/tasks`, {
      ...post,
      body: "{}",
      headers: JSON_TYPE,
    });
    await send(404, `${url}/nope`);
    await send(403, task, {
      method: "OPTIONS",
      headers: {
        Origin: "https://a.example",
        "Access-Control-Request-Method": "PUT",
      },
    });
    await abort(`${url}/tasks?limit=100`);
    await abort(`${url}/tasks`, { ...post, headers: { ...JSON_TYPE, ...key } });
    await send(204, task, { method: "DELETE" });
  }
}

async function send(
  expected: number,
  url: string,
  init: RequestInit = {},
): Promise<Response> {
  const response = await fetch(url, { ...init, client: sockets });
  const body = await response.text();
  counts.requests++;
  if (response.status !== expected) {
    const { method = "GET" } = init;
    errors.push(`${method} ${url}: ${response.status} ${body.slice(0, 200)}`);
  }
  return response;
}

/** Sends a request, and goes away after a moment: before, in or after its answer. */
async function abort(url: string, init: RequestInit = {}): Promise<void> {
  const signal = AbortSignal.timeout(Math.random() * 5);
  counts.requests++;
  try {
    const response = await fetch(url, { ...init, client: sockets, signal });
    await response.body?.cancel();
  } catch {
    counts.aborted++;
  }
}

/** Reads events, and comes back for more after a hundred or two. */
async function read(url: string, signal: AbortSignal): Promise<void> {
  let last = "";
  while (!signal.aborted) {
    const left = new AbortController();
    const headers: HeadersInit = last ? { "Last-Event-ID": last } : {};
    counts.requests++;
    const response = await fetch(`${url}/tasks/events`, {
      headers,
      client: sockets,
      signal: AbortSignal.any([signal, left.signal]),
    }).catch(() => undefined);
    let some = 100 + Math.random() * 100;
    try {
      for await (const id of idsOf(response)) {
        if (id < last) errors.push(`Event ${id} came after ${last}`);
        last = id;
        counts.events++;
        if (some-- < 0) break;
      }
    } catch {
      // The time is up: it was in the middle of an answer.
    }
    left.abort();
  }
}

async function* idsOf(response?: Response): AsyncGenerator<string> {
  let rest = "";
  const text = response?.body?.pipeThrough(new TextDecoderStream()) ?? [];
  for await (const part of text) {
    const lines = (rest + part).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("id: ")) yield line.slice(4);
    }
  }
}

/** Megabytes that a process has in memory, where `/proc` tells. */
function memory(pid: number): number | undefined {
  try {
    const text = Deno.readTextFileSync(`/proc/${pid}/status`);
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(text)![1]) / 1024);
  } catch {
    return undefined;
  }
}

/** Counts open handles, once there are as few as wanted or some seconds have passed. */
async function settle(pid: number, wanted = 0): Promise<number | undefined> {
  const until = performance.now() + (wanted > 0 ? 10_000 : 2_000);
  let open: number | undefined;
  do {
    await new Promise((go) => setTimeout(go, 100));
    open = handlesOf(pid);
  } while (open !== undefined && open > wanted && performance.now() < until);
  return open;
}

function handlesOf(pid: number): number | undefined {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
  } catch {
    return undefined;
  }
}

function tell(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}
