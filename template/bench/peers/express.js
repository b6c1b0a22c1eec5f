import express from "express";
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
const app = express().disable("x-powered-by").disable("etag");

app.use(function before(request, response, next) {
  request.start = performance.now();
  response.set("X-Request-Id", requestId(request.get("X-Request-Id")));
  for (const [name, value] of STAMPS) response.set(name, value);
  next();
});
app.use(function cors(request, response, next) {
  const isAllowed = request.get("Origin") === ORIGIN;
  if (request.method === "OPTIONS") {
    for (const [name, value] of PREFLIGHT) response.set(name, value);
    if (isAllowed) response.set("Access-Control-Allow-Origin", ORIGIN);
    finish(request, response);
    return response.status(204).end();
  }
  response.set("Vary", "Origin");
  response.set("Cache-Control", "no-cache");
  if (isAllowed) {
    response.set("Access-Control-Allow-Origin", ORIGIN);
    response.set("Timing-Allow-Origin", ORIGIN);
    response.set("Access-Control-Expose-Headers", EXPOSED);
  }
  next();
});
app.use(express.json());

// Express has no moment after a route and before its headers: each route ends here.
function json(request, response, value) {
  finish(request, response);
  // Express adds a charset of its own to what it writes as JSON.
  response.setHeader("Content-Type", "application/json");
  response.end(JSON.stringify(value));
}

function finish(request, response) {
  const elapsed = elapsedSince(request.start);
  response.set("X-Process-Time", `${elapsed}ms`);
  response.set("Server-Timing", `total;dur=${elapsed}`);
}

app.get("/ping", (request, response) => json(request, response, { ok: true }));
app.get("/tasks", async (request, response) => {
  const { page, tag } = await store.list(Number(request.query.limit));
  response.set("ETag", tag);
  if (page.next) response.set("Link", `<${page.next}>; rel="next"`);
  json(request, response, page);
});
app.get("/tasks/:id", async (request, response) => {
  const { value, versionstamp } = await store.get(request.params.id);
  response.set("ETag", `"${versionstamp}"`);
  json(request, response, value);
});
app.post("/tasks", async (request, response) => {
  const { task, version } = await store.create(request.body);
  response.status(201);
  response.set("Location", `/tasks/${task.id}`);
  response.set("ETag", `"${version}"`);
  json(request, response, task);
});

app.listen(port(), "127.0.0.1");
