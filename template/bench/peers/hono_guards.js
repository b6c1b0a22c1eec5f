// What the template guards against, with the layers of Hono where it has one: request
// id, log, CORS, errors, deadline, body limit.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { timeout } from "hono/timeout";
import {
  elapsedSince,
  EXPOSED,
  ORIGIN,
  port,
  PREFLIGHT,
  STAMPS,
} from "./_api.js";
import { BODY_LIMIT, DEADLINE_MS, logLine } from "./_guards.js";
import { addRoutes } from "./_hono_routes.js";

const app = new Hono();
const preflight = new Map(PREFLIGHT);

app.use(requestId());
app.use(async function log(c, next) {
  const start = performance.now();
  await next();
  const { method, path, routePath } = c.req;
  logLine(c.get("requestId"), method, path, routePath, c.res.status, start);
});
app.use(async function stamp(c, next) {
  const start = performance.now();
  await next();
  const { headers } = c.res;
  for (const [name, value] of STAMPS) headers.set(name, value);
  const elapsed = elapsedSince(start);
  headers.set("X-Process-Time", `${elapsed}ms`);
  headers.set("Server-Timing", `total;dur=${elapsed}`);
  if (c.req.method === "OPTIONS") {
    headers.delete("Access-Control-Expose-Headers");
    headers.set("Vary", preflight.get("Vary"));
    return;
  }
  headers.set("Cache-Control", "no-cache");
  if (c.req.header("Origin") === ORIGIN) {
    headers.set("Timing-Allow-Origin", ORIGIN);
  }
});
app.use(cors({
  origin: [ORIGIN],
  allowMethods: preflight.get("Access-Control-Allow-Methods").split(","),
  allowHeaders: preflight.get("Access-Control-Allow-Headers").split(","),
  exposeHeaders: EXPOSED.split(","),
  maxAge: 600,
}));
app.onError((error, c) =>
  error.getResponse?.() ?? c.json({ title: "Internal Server Error" }, 500)
);
app.use(timeout(DEADLINE_MS));
app.use(bodyLimit({ maxSize: BODY_LIMIT }));
await addRoutes(app);

Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
