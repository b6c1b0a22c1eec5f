/**
 * Puts the real program under a mixed load, for a minute or the given time,
 * and ends with what that did to it:
 *
 *     deno task soak [--seconds=60]
 *
 * Each worker creates, reads, lists, changes and deletes its own task, asks
 * for what is refused, and walks away from requests half way; readers of events
 * come and go. A response with an unexpected status is an error, as is
 * an event that does not come in order, memory that grows by more than a quarter
 * after the first ten seconds, and a handle that stays open. The exit status is 1
 * where there was one.
 *
 * @module
 */

import { Server } from "../../tests/server.ts";
import { options, refuse, say, sayOver } from "./measure.ts";

const WORKERS = 16;
const READERS = 10;
const JSON_TYPE = { "Content-Type": "application/json" };

/** Seconds of load before memory is judged: until then code is compiled. */
const WARM_UP = 10;

/** Megabytes at the end, as a part of those after the warm-up. */
const MAX_GROWTH = 1.25;

const { seconds } = options("deno task soak", {
  seconds: ["60", `how long, after ${WARM_UP} seconds to warm up`],
});
if (Deno.build.os !== "linux") {
  refuse("Cannot judge memory and handles without /proc: run it on Linux");
}

const counts = { requests: 0, aborted: 0, events: 0 };
const errors: string[] = [];
let sockets: Deno.HttpClient;

/** What the server has in use. */
interface Usage {
  /** Megabytes in memory, under load. */
  memory: number;
  /** Open handles, after it. */
  handles: number;
}

const folder = await Deno.makeTempDir();
{
  await using server = await Server.start({
    KV_PATH: `${folder}/tasks.sqlite3`,
  });
  const before = await soak(server, WARM_UP);
  const after = await soak(server, Number(seconds), before.handles);
  server.signal("SIGTERM");
  judge(before, after, await server.status());
}
await Deno.remove(folder, { recursive: true });
Deno.exit(errors.length === 0 ? 0 : 1);

/** Loads the server, and reports every second. */
async function soak(
  { url, pid }: Server,
  seconds: number,
  handles?: number,
): Promise<Usage> {
  const signal = AbortSignal.timeout(seconds * 1000);
  sockets = Deno.createHttpClient({ poolMaxIdlePerHost: WORKERS + READERS });
  let elapsed = 0;
  const progress = setInterval(() => {
    const done = `${counts.requests} requests, ${errors.length} errors`;
    const at = `${++elapsed} of ${seconds} s`;
    sayOver(`${at}: ${done}, ${memoryOf(pid)} MB resident`);
  }, 1000);
  await Promise.all([
    ...Array.from({ length: WORKERS }, () => work(url, signal)),
    ...Array.from({ length: READERS }, () => read(url, signal)),
  ]);
  clearInterval(progress);
  const memory = memoryOf(pid);
  sockets.close();
  return { memory, handles: await settle(pid, handles) };
}

/** Reports what the load did, and which of that is an error. */
function judge(before: Usage, after: Usage, status: number): void {
  if (after.memory > before.memory * MAX_GROWTH) {
    errors.push("Memory grew by more than a quarter");
  }
  if (after.handles > before.handles) errors.push("Handles stay open");
  if (status !== 0) errors.push("The server did not end well");

  const [from, to] = [`after ${WARM_UP} s`, "at the end"];
  sayOver("");
  say(`${counts.requests} requests, ${counts.aborted} of them aborted`);
  say(`${counts.events} events to ${READERS} readers`);
  say(`${before.memory} MB resident ${from}, ${after.memory} ${to}`);
  say(`${before.handles} open handles ${from}, ${after.handles} ${to}`);
  say(`exit status ${status}`);
  say(`${errors.length} errors`);
  for (const error of errors.slice(0, 10)) say(`  ${error}`);
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

/** Sends a request, and goes away after a moment: before, in or after its response. */
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
      // The deadline passed in the middle of a response.
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

/** Megabytes that a process has in memory. */
function memoryOf(pid: number): number {
  const text = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(text)![1]) / 1024);
}

/** Counts open handles, once there are as few as wanted or some seconds have passed. */
async function settle(pid: number, wanted = 0): Promise<number> {
  const until = performance.now() + (wanted > 0 ? 10_000 : 2_000);
  let open: number;
  do {
    await new Promise((go) => setTimeout(go, 100));
    open = handlesOf(pid);
  } while (open > wanted && performance.now() < until);
  return open;
}

function handlesOf(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].length;
}
