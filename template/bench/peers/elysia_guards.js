// What the template guards against, by hand where elysia has nothing for it on Deno:
// request id, log, CORS, errors, deadline, body limit.
import { Elysia } from "elysia";
import { port } from "./_api.js";
import { addRoutes, after, before } from "./_elysia_routes.js";
import { BODY_LIMIT, DEADLINE_MS, logLine } from "./_guards.js";

const app = new Elysia()
  .onRequest(before)
  .onParse(async ({ request, status }) => {
    const announced = Number(request.headers.get("Content-Length"));
    if (announced > BODY_LIMIT) throw status(413);
    let text = "";
    const decoder = new TextDecoder();
    let size = 0;
    for await (const chunk of request.body) {
      size += chunk.byteLength;
      if (size > BODY_LIMIT) throw status(413);
      text += decoder.decode(chunk, { stream: true });
    }
    return JSON.parse(text);
  })
  .onAfterHandle({ as: "global" }, after)
  .onError(({ error, set }) => {
    set.status = Number((error.cause ?? error).code) || 500;
    return { title: "Error" };
  })
  .onAfterResponse({ as: "global" }, ({ id, request, path, route, set, start }) => {
    logLine(id, request.method, path, route, set.status ?? 200, start);
  });
await addRoutes(app);

Deno.serve({ hostname: "127.0.0.1", port: port() }, (request) => {
  let timer;
  const late = new Promise((resolve) => {
    timer = setTimeout(
      () => resolve(new Response(null, { status: 504 })),
      DEADLINE_MS,
    );
  });
  const answer = Promise.resolve(app.fetch(request));
  return Promise.race([answer, late]).finally(() => clearTimeout(timer));
});
