import { Elysia } from "elysia";
import { port } from "./_api.js";
import { addRoutes, after, before } from "./_elysia_routes.js";

const app = new Elysia()
  .onRequest(before)
  .onAfterHandle({ as: "global" }, after);
await addRoutes(app);

Deno.serve({ hostname: "127.0.0.1", port: port() }, app.fetch);
