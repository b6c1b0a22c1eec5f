/**
 * What all peers share: the headers that the template sends, and the same work on
 * the same store. How they get there is each framework's own.
 *
 * @module
 */

/** The origin that is let in. */
export const ORIGIN = "https://app.example.com";

/** The stamped headers. */
export const STAMPS = [
  ["X-Handled-By", "tasks-api"],
  ["X-App-Version", "0.1.0"],
];

/** The CORS headers of an answer, beside the origin. */
export const EXPOSED =
  "etag,link,location,ratelimit,ratelimit-policy,retry-after,server-timing,x-app-version,x-handled-by,x-process-time,x-request-id";

/** The headers of an answer to a preflight, beside the origin. */
export const PREFLIGHT = [
  [
    "Vary",
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
  ],
  ["Access-Control-Allow-Methods", "GET,HEAD,POST,PATCH,DELETE"],
  [
    "Access-Control-Allow-Headers",
    "authorization,content-type,idempotency-key,if-match,if-none-match,last-event-id,traceparent,tracestate,x-request-id",
  ],
  ["Access-Control-Max-Age", "600"],
];

/** Keeps the id that the client sent, or makes one. */
export function requestId(sent) {
  return sent && /^[\w.=-]{1,128}$/.test(sent) ? sent : crypto.randomUUID();
}

/** Milliseconds since `start`, as the headers have them. */
export function elapsedSince(start) {
  return (performance.now() - start).toFixed(2);
}

/** Answers where a page of tasks goes on. */
export function pageOf(tasks, limit) {
  const items = tasks.slice(0, limit);
  if (tasks.length <= limit) return { items, next: null, nextCursor: null };
  const nextCursor = btoa(`${items.at(-1).id}[null,{},null]`)
    .replaceAll("=", "");
  const next = `/tasks?limit=${limit}&cursor=${nextCursor}`;
  return { items, next, nextCursor };
}

let count = 0;

/** Makes a task. Its id has the length of a ULID, and sorts like one. */
export function newTask({ title, priority }) {
  const at = new Date().toISOString();
  const time = Date.now().toString().padStart(13, "0");
  const id = `0${time}${String(count++).padStart(12, "0")}`;
  return {
    id,
    title,
    description: "",
    priority,
    done: false,
    dueOn: null,
    createdAt: at,
    updatedAt: at,
  };
}

/**
 * The raw calls of Deno KV that the routes come down to: one get, one list, one
 * atomic operation with the mutations that the template has.
 */
export function storeOn(kv) {
  return {
    get: (id) => kv.get(["tasks", 1, "task", id]),
    async list(limit) {
      const { versionstamp } = await kv.get(["tasks", 1, "rev"]);
      const tasks = [];
      const rows = kv.list({ prefix: ["tasks", 1, "task"] }, {
        reverse: true,
        limit: limit + 1,
      });
      for await (const { value } of rows) tasks.push(value);
      return { page: pageOf(tasks, limit), tag: `W/"${versionstamp}-${limit}"` };
    },
    async create(fields) {
      const task = newTask(fields);
      const key = ["tasks", 1, "task", task.id];
      const { versionstamp } = await kv.atomic()
        .check({ key, versionstamp: null })
        .set(key, task)
        .set(["tasks", 1, "done", false, task.id], task)
        .set(["tasks", 1, "priority", task.priority, task.id], task)
        // The module for Node has no commitVersionstamp().
        .set(["tasks", 1, "log", kv.commitVersionstamp?.() ?? task.id], {
          changes: [{ event: "created", task, write: task.id }],
          at: Date.now(),
        })
        .set(["tasks", 1, "rev"], task.id)
        .commit();
      return { task, version: versionstamp };
    },
  };
}

/** Opens the store: Deno's own, or the same engine as a module of Node. */
export async function openStore() {
  const { Deno, process } = globalThis;
  const path = Deno ? Deno.env.get("KV_PATH") : process.env.KV_PATH;
  const openKv = Deno ? Deno.openKv : (await import("@deno/kv")).openKv;
  return storeOn(await openKv(path));
}

/** The port to listen on. */
export function port() {
  const { Deno, process } = globalThis;
  return Number(Deno ? Deno.env.get("PORT") : process.env.PORT);
}
