// The limit: one function that sets by hand what the template sets in layers.
import { answersFrom } from "./_answers.js";
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

const answer = answersFrom(await openStore());

Deno.serve({ hostname: "127.0.0.1", port: port() }, (request) => {
  const start = performance.now();
  const id = requestId(request.headers.get("X-Request-Id"));
  const origin = request.headers.get("Origin");
  const isAllowed = origin === ORIGIN;

  if (request.method === "OPTIONS") {
    const response = new Response(null, { status: 204 });
    const { headers } = response;
    for (const [name, value] of PREFLIGHT) headers.set(name, value);
    if (isAllowed) headers.set("Access-Control-Allow-Origin", origin);
    return stamp(response, start, id);
  }

  function decorate(response) {
    const { headers } = response;
    headers.set("Vary", "Origin");
  headers.set("Cache-Control", "no-cache");
    if (isAllowed) {
      headers.set("Access-Control-Allow-Origin", origin);
      headers.set("Timing-Allow-Origin", origin);
      headers.set("Access-Control-Expose-Headers", EXPOSED);
    }
    return stamp(response, start, id);
  }

  const response = answer(request);
  return response instanceof Response
    ? decorate(response)
    : response.then(decorate);
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
