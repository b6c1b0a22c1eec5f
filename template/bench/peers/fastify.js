import Fastify from "fastify";
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
const app = Fastify();

app.decorateRequest("start", 0);
app.addHook("onRequest", function before(request, reply, done) {
  request.start = performance.now();
  reply.header("X-Request-Id", requestId(request.headers["x-request-id"]));
  for (const [name, value] of STAMPS) reply.header(name, value);
  done();
});
app.addHook("onRequest", function cors(request, reply, done) {
  const isAllowed = request.headers.origin === ORIGIN;
  if (request.method === "OPTIONS") {
    for (const [name, value] of PREFLIGHT) reply.header(name, value);
    if (isAllowed) reply.header("Access-Control-Allow-Origin", ORIGIN);
    return void reply.code(204).send();
  }
  reply.header("Vary", "Origin");
  reply.header("Cache-Control", "no-cache");
  if (isAllowed) {
    reply.header("Access-Control-Allow-Origin", ORIGIN);
    reply.header("Timing-Allow-Origin", ORIGIN);
    reply.header("Access-Control-Expose-Headers", EXPOSED);
  }
  done();
});
app.addHook("onSend", function timing(request, reply, payload, done) {
  const elapsed = elapsedSince(request.start);
  reply.header("X-Process-Time", `${elapsed}ms`);
  reply.header("Server-Timing", `total;dur=${elapsed}`);
  // Fastify adds a charset of its own.
  if (payload) reply.header("Content-Type", "application/json");
  done();
});

app.options("/tasks", () => {});
app.get("/ping", () => ({ ok: true }));
app.get("/tasks", async (request, reply) => {
  const { page, tag } = await store.list(Number(request.query.limit));
  reply.header("ETag", tag);
  if (page.next) reply.header("Link", `<${page.next}>; rel="next"`);
  return page;
});
app.get("/tasks/:id", async (request, reply) => {
  const { value, versionstamp } = await store.get(request.params.id);
  reply.header("ETag", `"${versionstamp}"`);
  return value;
});
app.post("/tasks", async (request, reply) => {
  const { task, version } = await store.create(request.body);
  reply.code(201);
  reply.header("Location", `/tasks/${task.id}`);
  reply.header("ETag", `"${version}"`);
  return task;
});

await app.listen({ host: "127.0.0.1", port: port() });
