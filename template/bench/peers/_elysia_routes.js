/**
 * The headers and the routes in elysia, whatever guards there are.
 *
 * @module
 */

import {
  elapsedSince,
  EXPOSED,
  openStore,
  ORIGIN,
  PREFLIGHT,
  requestId,
  STAMPS,
} from "./_api.js";

/** Answers preflights, and begins the headers of other answers. */
export function before(context) {
  const { request, set } = context;
  context.start = performance.now();
  context.id = requestId(request.headers.get("X-Request-Id"));
  const origin = request.headers.get("Origin");
  if (request.method === "OPTIONS") {
    // A response with headers would be copied.
    for (const [name, value] of PREFLIGHT) set.headers[name] = value;
    if (origin === ORIGIN) set.headers["Access-Control-Allow-Origin"] = origin;
    after(context);
    return new Response(null, { status: 204 });
  }
  set.headers["Vary"] = "Origin";
  set.headers["Cache-Control"] = "no-cache";
  if (origin !== ORIGIN) return;
  set.headers["Access-Control-Allow-Origin"] = origin;
  set.headers["Timing-Allow-Origin"] = origin;
  set.headers["Access-Control-Expose-Headers"] = EXPOSED;
}

/** Sets the headers of every answer. */
export function after({ set, start, id }) {
  const elapsed = elapsedSince(start);
  for (const [name, value] of STAMPS) set.headers[name] = value;
  set.headers["X-Process-Time"] = `${elapsed}ms`;
  set.headers["Server-Timing"] = `total;dur=${elapsed}`;
  set.headers["X-Request-Id"] = id;
}

/** Adds the routes. */
export async function addRoutes(app) {
  const store = await openStore();
  app
    .get("/ping", () => ({ ok: true }))
    .get("/tasks", async ({ query, set }) => {
      const { page, tag } = await store.list(Number(query.limit));
      set.headers["ETag"] = tag;
      if (page.next) set.headers["Link"] = `<${page.next}>; rel="next"`;
      return page;
    })
    .get("/tasks/:id", async ({ params, set }) => {
      const { value, versionstamp } = await store.get(params.id);
      set.headers["ETag"] = `"${versionstamp}"`;
      return value;
    })
    .post("/tasks", async ({ body, set }) => {
      const { task, version } = await store.create(body);
      set.status = 201;
      set.headers["Location"] = `/tasks/${task.id}`;
      set.headers["ETag"] = `"${version}"`;
      return task;
    });
}
