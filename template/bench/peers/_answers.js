/**
 * What the handler by hand and the plainest chain answer, before any header that all
 * answers have.
 *
 * @module
 */

/** Returns a function that responds to all but preflights, with a response or a promise. */
export function answersFrom(store) {
  return (request) => answer(store, request);
}

function answer(store, request) {
  const { method, url } = request;
  if (url.endsWith("/ping")) return Response.json({ ok: true });
  if (method === "POST") return create(store, request);
  const query = url.indexOf("?");
  if (query !== -1) {
    return list(store, Number(url.slice(url.indexOf("limit=", query) + 6)));
  }
  return read(store, url.slice(url.lastIndexOf("/") + 1));
}

async function read(store, id) {
  const { value, versionstamp } = await store.get(id);
  const response = Response.json(value);
  response.headers.set("ETag", `"${versionstamp}"`);
  return response;
}

async function list(store, limit) {
  const { page, tag } = await store.list(limit);
  const response = Response.json(page);
  response.headers.set("ETag", tag);
  if (page.next) response.headers.set("Link", `<${page.next}>; rel="next"`);
  return response;
}

async function create(store, request) {
  const { task, version } = await store.create(await request.json());
  const response = Response.json(task, { status: 201 });
  response.headers.set("Location", `/tasks/${task.id}`);
  response.headers.set("ETag", `"${version}"`);
  return response;
}
