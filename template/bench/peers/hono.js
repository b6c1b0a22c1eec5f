// With layers of its own hand: the least that Hono can do.
import { Hono } from "hono";
import {
  elapsedSince,
  EXPOSED,
  ORIGIN,
  port,
  PREFLIGHT,
  requestId,
  STAMPS,
} from "./_api.js";
import { addRoutes } from "./_hono_routes.js";

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
  headers.set("Cache-Control", "no-cache");
  if (!isAllowed) return;
  headers.set("Access-Control-Allow-Origin", ORIGIN);
  headers.set("Timing-Allow-Origin", ORIGIN);
  headers.set("Access-Control-Expose-Headers", EXPOSED);
});

await addRoutes(app);
Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
