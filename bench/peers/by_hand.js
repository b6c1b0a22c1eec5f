// The limit: one function that sets by hand what the template sets in layers.
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

Deno.serve({ hostname: "127.0.0.1", port: port() }, (request) => {
  const start = performance.now();
  const { method, url } = request;
  const id = requestId(request.headers.get("X-Request-Id"));
  const origin = request.headers.get("Origin");
  const isAllowed = origin === ORIGIN;

  if (method === "OPTIONS") {
    const response = new Response(null, { status: 204 });
    const { headers } = response;
    for (const [name, value] of PREFLIGHT) headers.set(name, value);
    if (isAllowed) headers.set("Access-Control-Allow-Origin", origin);
    return stamp(response, start, id);
  }

  function decorate(response) {
    const { headers } = response;
    headers.set("Vary", "Origin");
    if (isAllowed) {
      headers.set("Access-Control-Allow-Origin", origin);
      headers.set("Timing-Allow-Origin", origin);
      headers.set("Access-Control-Expose-Headers", EXPOSED);
    }
    return stamp(response, start, id);
  }

  if (url.endsWith("/ping")) return decorate(Response.json({ ok: true }));
  if (method === "POST") return create(request).then(decorate);
  const query = url.indexOf("?");
  if (query !== -1) {
    const limit = Number(url.slice(url.indexOf("limit=", query) + 6));
    return list(limit).then(decorate);
  }
  return read(url.slice(url.lastIndexOf("/") + 1)).then(decorate);
});

function stamp(response, start, id) {
  const { headers } = response;
  for (const [name, value] of STAMPS) headers.set(name, value);
  const elapsed = elapsedSince(start);
  headers.set("X-Process-Time", `${elapsed}ms`);
  headers.set("Server-Timing", `total;dur=${elapsed}`);
  headers.set("X-Request-Id", id);
  return response;
}

async function read(id) {
  const { value, versionstamp } = await store.get(id);
  const response = Response.json(value);
  response.headers.set("ETag", `"${versionstamp}"`);
  return response;
}

async function list(limit) {
  const page = await store.list(limit);
  const response = Response.json(page);
  if (page.next) response.headers.set("Link", `<${page.next}>; rel="next"`);
  return response;
}

async function create(request) {
  const { task, version } = await store.create(await request.json());
  const response = Response.json(task, { status: 201 });
  response.headers.set("Location", `/tasks/${task.id}`);
  response.headers.set("ETag", `"${version}"`);
  return response;
}
