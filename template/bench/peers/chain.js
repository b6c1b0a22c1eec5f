// Five asynchronous layers that set by hand what the template sets. No router, no
// log, no guard: what this loses is what such layers cost at least.
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

async function identify(request, next) {
  const id = requestId(request.headers.get("X-Request-Id"));
  const response = await next(request);
  response.headers.set("X-Request-Id", id);
  return response;
}

async function timing(request, next) {
  const start = performance.now();
  const response = await next(request);
  const elapsed = elapsedSince(start);
  response.headers.set("X-Process-Time", `${elapsed}ms`);
  response.headers.set("Server-Timing", `total;dur=${elapsed}`);
  return response;
}

async function stamp(request, next) {
  const response = await next(request);
  for (const [name, value] of STAMPS) response.headers.set(name, value);
  return response;
}

async function cors(request, next) {
  const isAllowed = request.headers.get("Origin") === ORIGIN;
  if (request.method === "OPTIONS") {
    const response = new Response(null, { status: 204 });
    for (const [name, value] of PREFLIGHT) response.headers.set(name, value);
    if (isAllowed) response.headers.set("Access-Control-Allow-Origin", ORIGIN);
    return response;
  }
  const response = await next(request);
  const { headers } = response;
  headers.set("Vary", "Origin");
  headers.set("Cache-Control", "no-cache");
  if (!isAllowed) return response;
  headers.set("Access-Control-Allow-Origin", ORIGIN);
  headers.set("Timing-Allow-Origin", ORIGIN);
  headers.set("Access-Control-Expose-Headers", EXPOSED);
  return response;
}

async function errors(request, next) {
  try {
    return await next(request);
  } catch {
    return new Response(null, { status: 500 });
  }
}

const serve = [identify, timing, stamp, cors, errors].reduceRight(
  (below, layer) => (request) => layer(request, below),
  async (request) => await answer(request),
);
Deno.serve({ hostname: "127.0.0.1", port: port() }, serve);
