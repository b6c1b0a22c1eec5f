import Koa from "koa";
import Router from "koa-router";
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
const app = new Koa();
const router = new Router();

app.use(async function identify(context, next) {
  const id = requestId(context.get("X-Request-Id"));
  await next();
  context.set("X-Request-Id", id);
});
app.use(async function timing(context, next) {
  const start = performance.now();
  await next();
  const elapsed = elapsedSince(start);
  context.set("X-Process-Time", `${elapsed}ms`);
  context.set("Server-Timing", `total;dur=${elapsed}`);
});
app.use(async function stamp(context, next) {
  await next();
  for (const [name, value] of STAMPS) context.set(name, value);
});
app.use(async function cors(context, next) {
  const isAllowed = context.get("Origin") === ORIGIN;
  if (context.method === "OPTIONS") {
    context.status = 204;
    for (const [name, value] of PREFLIGHT) context.set(name, value);
    if (isAllowed) context.set("Access-Control-Allow-Origin", ORIGIN);
    return;
  }
  await next();
  context.set("Vary", "Origin");
  context.set("Cache-Control", "no-cache");
  if (!isAllowed) return;
  context.set("Access-Control-Allow-Origin", ORIGIN);
  context.set("Timing-Allow-Origin", ORIGIN);
  context.set("Access-Control-Expose-Headers", EXPOSED);
});

function json(context, value) {
  context.body = JSON.stringify(value);
  // Koa adds a charset of its own.
  context.res.setHeader("Content-Type", "application/json");
}

router.get("/ping", (context) => json(context, { ok: true }));
router.get("/tasks", async (context) => {
  const { page, tag } = await store.list(Number(context.query.limit));
  context.set("ETag", tag);
  if (page.next) context.set("Link", `<${page.next}>; rel="next"`);
  json(context, page);
});
router.get("/tasks/:id", async (context) => {
  const { value, versionstamp } = await store.get(context.params.id);
  context.set("ETag", `"${versionstamp}"`);
  json(context, value);
});
router.post("/tasks", async (context) => {
  const chunks = await context.req.toArray();
  const fields = JSON.parse(Buffer.concat(chunks).toString());
  const { task, version } = await store.create(fields);
  context.status = 201;
  context.set("Location", `/tasks/${task.id}`);
  context.set("ETag", `"${version}"`);
  json(context, task);
});

app.use(router.routes());
app.listen(port(), "127.0.0.1");
