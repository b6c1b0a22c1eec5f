import { createApp } from "../../main.ts";

// What each request costs beyond a handler that sets the same headers by hand.
const app = await createApp({
  config: { allowedOrigins: ["https://app.example.com"] },
});
const headers = { "Origin": "https://app.example.com" };

function byHand(request: Request): Response {
  const start = performance.now();
  const response = Response.json({ ok: true });
  const { headers } = response;
  const origin = request.headers.get("Origin")!;
  headers.set("Vary", "Origin");
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Expose-Headers", "etag,link,location");
  headers.set("Timing-Allow-Origin", origin);
  headers.set("X-Handled-By", "tasks-api");
  headers.set("X-App-Version", "0.1.0");
  const elapsed = (performance.now() - start).toFixed(2);
  headers.set("X-Process-Time", `${elapsed}ms`);
  headers.set("Server-Timing", `total;dur=${elapsed}`);
  headers.set("X-Request-Id", crypto.randomUUID());
  return response;
}

const request = () => new Request("http://localhost:8000/ping", { headers });

Deno.bench("GET /ping by hand", { group: "ping", baseline: true }, () => {
  byHand(request());
});

Deno.bench("GET /ping through the whole chain", { group: "ping" }, async () => {
  await app.fetch(request());
});
Deno.bench("new Request", { group: "ping" }, () => {
  request().headers.get("origin");
});
