/**
 * What the handler by hand and the plain chain answer, before any header that all
 * answers have.
 *
 * @module
 */

import { openStore } from "./_api.js";

const store = await openStore();

/** Answers a request, but for a preflight: at once, or with a promise. */
export function answer(request) {
  const { method, url } = request;
  if (url.endsWith("/ping")) return Response.json({ ok: true });
  if (method === "POST") return create(request);
  const query = url.indexOf("?");
  if (query !== -1) {
    return list(Number(url.slice(url.indexOf("limit=", query) + 6)));
  }
  return read(url.slice(url.lastIndexOf("/") + 1));
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
