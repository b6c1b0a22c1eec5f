// With the layers that Hono brings, as its guides have them.
import { Hono } from "hono";
import { cors } from "hono/cors";
import { requestId } from "hono/request-id";
import { timing } from "hono/timing";
import {
  elapsedSince,
  EXPOSED,
  ORIGIN,
  port,
  PREFLIGHT,
  STAMPS,
} from "./_api.js";
import { addRoutes } from "./_hono_routes.js";

const app = new Hono();
const preflight = new Map(PREFLIGHT);

app.use(requestId());
app.use(timing({
  totalDescription: "",
  crossOrigin: (c) =>
    c.req.method !== "OPTIONS" && c.req.header("Origin") === ORIGIN && ORIGIN,
}));
// What Hono has no layer for.
app.use(async function stamp(c, next) {
  const start = performance.now();
  await next();
  const { headers } = c.res;
  for (const [name, value] of STAMPS) headers.set(name, value);
  headers.set("X-Process-Time", `${elapsedSince(start)}ms`);
  if (c.req.method !== "OPTIONS") {
    return headers.set("Cache-Control", "no-cache");
  }
  headers.delete("Access-Control-Expose-Headers");
  headers.set("Vary", preflight.get("Vary"));
});
app.use(cors({
  origin: [ORIGIN],
  allowMethods: preflight.get("Access-Control-Allow-Methods").split(","),
  allowHeaders: preflight.get("Access-Control-Allow-Headers").split(","),
  exposeHeaders: EXPOSED.split(","),
  maxAge: 600,
}));
await addRoutes(app);

Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
