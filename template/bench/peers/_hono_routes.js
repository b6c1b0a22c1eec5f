import { openStore } from "./_api.js";

/** Adds the routes, whatever the layers are. */
export async function addRoutes(app) {
  const store = await openStore();
  app.get("/ping", (c) => c.json({ ok: true }));
  app.get("/tasks", async (c) => {
    const { page, tag } = await store.list(Number(c.req.query("limit")));
    c.header("ETag", tag);
    if (page.next) c.header("Link", `<${page.next}>; rel="next"`);
    return c.json(page);
  });
  app.get("/tasks/:id", async (c) => {
    const { value, versionstamp } = await store.get(c.req.param("id"));
    c.header("ETag", `"${versionstamp}"`);
    return c.json(value);
  });
  app.post("/tasks", async (c) => {
    const { task, version } = await store.create(await c.req.json());
    c.header("Location", `/tasks/${task.id}`);
    c.header("ETag", `"${version}"`);
    return c.json(task, 201);
  });
}
