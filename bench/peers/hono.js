import { Hono } from "hono";
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
const app = new Hono();

app.use(async function identify(c, next) {
  const id = requestId(c.req.header("X-Request-Id"));
  await next();
  c.res.headers.set("X-Request-Id", id);
});
app.use(async function timing(c, next) {
  const start = performance.now();
  await next();
  const elapsed = elapsedSince(start);
  c.res.headers.set("X-Process-Time", `${elapsed}ms`);
  c.res.headers.set("Server-Timing", `total;dur=${elapsed}`);
});
app.use(async function stamp(c, next) {
  await next();
  for (const [name, value] of STAMPS) c.res.headers.set(name, value);
});
app.use(async function cors(c, next) {
  const isAllowed = c.req.header("Origin") === ORIGIN;
  if (c.req.method === "OPTIONS") {
    const response = new Response(null, { status: 204 });
    for (const [name, value] of PREFLIGHT) response.headers.set(name, value);
    if (isAllowed) response.headers.set("Access-Control-Allow-Origin", ORIGIN);
    return response;
  }
  await next();
  const { headers } = c.res;
  headers.set("Vary", "Origin");
  if (!isAllowed) return;
  headers.set("Access-Control-Allow-Origin", ORIGIN);
  headers.set("Timing-Allow-Origin", ORIGIN);
  headers.set("Access-Control-Expose-Headers", EXPOSED);
});

app.get("/ping", (c) => c.json({ ok: true }));
app.get("/tasks", async (c) => {
  const page = await store.list(Number(c.req.query("limit")));
  if (page.next) c.header("Link", `<${page.next}>; rel="next"`);
  return c.json(page);
});
app.get("/tasks/:id", async (c) => {
  const { value, versionstamp } = await store.get(c.req.param("id"));
  c.header("ETag", `"${versionstamp}"`);
  return c.json(value);
});
app.post("/tasks", async (c) => {
  const { task, version } = await store.create(await c.req.json());
  c.header("Location", `/tasks/${task.id}`);
  c.header("ETag", `"${version}"`);
  return c.json(task, 201);
});

Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
