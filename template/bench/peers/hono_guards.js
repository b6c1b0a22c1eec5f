// What the template guards against, with the layers of Hono where it has one: request
// id, log, CORS, errors, deadline, body limit.
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { requestId } from "hono/request-id";
import { timeout } from "hono/timeout";
import { elapsedSince, ORIGIN, port, STAMPS } from "./_api.js";
import { BODY_LIMIT, DEADLINE_MS, logLine } from "./_guards.js";
import { mendPreflight, ownCors } from "./_hono_cors.js";
import { addRoutes } from "./_hono_routes.js";

const app = new Hono();

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
    return mendPreflight(headers);
  }
  headers.set("Cache-Control", "no-cache");
  if (c.req.header("Origin") === ORIGIN) {
    headers.set("Timing-Allow-Origin", ORIGIN);
  }
});
app.use(ownCors);
app.onError((error, c) =>
  error.getResponse?.() ?? c.json({ title: "Internal Server Error" }, 500)
);
app.use(timeout(DEADLINE_MS));
app.use(bodyLimit({ maxSize: BODY_LIMIT }));
await addRoutes(app);

Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
