// With the layers that Hono brings, as its guides have them.
import { Hono } from "hono";
import { requestId } from "hono/request-id";
import { timing } from "hono/timing";
import { elapsedSince, ORIGIN, port, STAMPS } from "./_api.js";
import { mendPreflight, ownCors } from "./_hono_cors.js";
import { addRoutes } from "./_hono_routes.js";

const app = new Hono();

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
  if (c.req.method === "OPTIONS") mendPreflight(headers);
  else headers.set("Cache-Control", "no-cache");
});
app.use(ownCors);
await addRoutes(app);

Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
