import { H3 } from "h3";
import {
  elapsedSince,
  EXPOSED,
  openStore,
  ORIGIN,
  port,
  PREFLIGHT,
  requestId,
  STAMPS,
} from "./_api.js";

const store = await openStore();
const app = new H3();

app.use(async function identify(event, next) {
  const id = requestId(event.req.headers.get("X-Request-Id"));
  const result = await next();
  event.res.headers.set("X-Request-Id", id);
  return result;
});
app.use(async function timing(event, next) {
  const start = performance.now();
  const result = await next();
  const elapsed = elapsedSince(start);
  event.res.headers.set("X-Process-Time", `${elapsed}ms`);
  event.res.headers.set("Server-Timing", `total;dur=${elapsed}`);
  return result;
});
app.use(async function stamp(event, next) {
  const result = await next();
  for (const [name, value] of STAMPS) event.res.headers.set(name, value);
  return result;
});
app.use(async function cors(event, next) {
  const { headers } = event.res;
  const isAllowed = event.req.headers.get("Origin") === ORIGIN;
  if (event.req.method === "OPTIONS") {
    event.res.status = 204;
    for (const [name, value] of PREFLIGHT) headers.set(name, value);
    if (isAllowed) headers.set("Access-Control-Allow-Origin", ORIGIN);
    return null;
  }
  const result = await next();
  headers.set("Vary", "Origin");
  headers.set("Cache-Control", "no-cache");
  if (!isAllowed) return result;
  headers.set("Access-Control-Allow-Origin", ORIGIN);
  headers.set("Timing-Allow-Origin", ORIGIN);
  headers.set("Access-Control-Expose-Headers", EXPOSED);
  return result;
});

function json(event, value) {
  // h3 adds a charset of its own.
  event.res.headers.set("Content-Type", "application/json");
  return value;
}

app.get("/ping", (event) => json(event, { ok: true }));
app.get("/tasks", async (event) => {
  const limit = Number(event.url.searchParams.get("limit"));
  const { page, tag } = await store.list(limit);
  event.res.headers.set("ETag", tag);
  if (page.next) event.res.headers.set("Link", `<${page.next}>; rel="next"`);
  return json(event, page);
});
app.get("/tasks/:id", async (event) => {
  const { value, versionstamp } = await store.get(event.context.params.id);
  event.res.headers.set("ETag", `"${versionstamp}"`);
  return json(event, value);
});
app.post("/tasks", async (event) => {
  const { task, version } = await store.create(await event.req.json());
  event.res.status = 201;
  event.res.headers.set("Location", `/tasks/${task.id}`);
  event.res.headers.set("ETag", `"${version}"`);
  return json(event, task);
});

Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
