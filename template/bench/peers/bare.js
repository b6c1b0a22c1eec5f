// What a server on Deno can do at most: the same bodies, none of the headers.
import { openStore, port } from "./_api.js";

const store = await openStore();

Deno.serve({ hostname: "127.0.0.1", port: port() }, async (request) => {
  const { method, url } = request;
  if (method === "OPTIONS") return new Response(null, { status: 204 });
  if (url.endsWith("/ping")) return Response.json({ ok: true });
  if (method === "POST") {
    const { task } = await store.create(await request.json());
    return Response.json(task, { status: 201 });
  }
  const query = url.indexOf("?");
  if (query !== -1) {
    const limit = Number(url.slice(url.indexOf("limit=", query) + 6));
    return Response.json((await store.list(limit)).page);
  }
  const { value } = await store.get(url.slice(url.lastIndexOf("/") + 1));
  return Response.json(value);
});
