import { Application, Router } from "@oakserver/oak";
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
const app = new Application({ logErrors: false });
const router = new Router();

app.use(async function identify({ request, response }, next) {
  const id = requestId(request.headers.get("X-Request-Id"));
  await next();
  response.headers.set("X-Request-Id", id);
});
app.use(async function timing({ response }, next) {
  const start = performance.now();
  await next();
  const elapsed = elapsedSince(start);
  response.headers.set("X-Process-Time", `${elapsed}ms`);
  response.headers.set("Server-Timing", `total;dur=${elapsed}`);
});
app.use(async function stamp({ response }, next) {
  await next();
  for (const [name, value] of STAMPS) response.headers.set(name, value);
});
app.use(async function cors({ request, response }, next) {
  const { headers } = response;
  const isAllowed = request.headers.get("Origin") === ORIGIN;
  if (request.method === "OPTIONS") {
    response.status = 204;
    for (const [name, value] of PREFLIGHT) headers.set(name, value);
    if (isAllowed) headers.set("Access-Control-Allow-Origin", ORIGIN);
    return;
  }
  await next();
  headers.set("Vary", "Origin");
  headers.set("Cache-Control", "no-cache");
  if (!isAllowed) return;
  headers.set("Access-Control-Allow-Origin", ORIGIN);
  headers.set("Timing-Allow-Origin", ORIGIN);
  headers.set("Access-Control-Expose-Headers", EXPOSED);
});

function json({ response }, value) {
  // oak adds a charset of its own.
  response.headers.set("Content-Type", "application/json");
  response.body = value;
}

router.get("/ping", (context) => json(context, { ok: true }));
router.get("/tasks", async (context) => {
  const { request, response } = context;
  const { page, tag } = await store.list(Number(request.url.searchParams.get("limit")));
  response.headers.set("ETag", tag);
  if (page.next) response.headers.set("Link", `<${page.next}>; rel="next"`);
  json(context, page);
});
router.get("/tasks/:id", async (context) => {
  const { value, versionstamp } = await store.get(context.params.id);
  context.response.headers.set("ETag", `"${versionstamp}"`);
  json(context, value);
});
router.post("/tasks", async (context) => {
  const { request, response } = context;
  const { task, version } = await store.create(await request.body.json());
  response.status = 201;
  response.headers.set("Location", `/tasks/${task.id}`);
  response.headers.set("ETag", `"${version}"`);
  json(context, task);
});

app.use(router.routes());
await app.listen({ hostname: "127.0.0.1", port: port() });
