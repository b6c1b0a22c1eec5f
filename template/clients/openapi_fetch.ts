/**
 * The round trip with openapi-typescript and openapi-fetch.
 *
 * @module
 */

import { assertEquals, assertExists } from "@std/assert";
import createClient from "openapi-fetch";
import type { paths } from "./generated/openapi-fetch/schema.ts";

const api = createClient<paths>({ baseUrl: Deno.args[0]! });

const title = "milk 🥛";
const created = await api.POST("/tasks", { body: { title } });
assertEquals(created.data?.title, title);
await api.POST("/tasks", { body: { title: "bread", priority: "high" } });

const titles: string[] = [];
let cursor: string | undefined;
do {
  const query = { limit: 1, done: false, cursor };
  const { data } = await api.GET("/tasks", { params: { query } });
  assertExists(data);
  titles.push(...data.items.map(({ title }) => title));
  cursor = data.nextCursor ?? undefined;
} while (cursor);
assertEquals(titles, ["bread", title]);

const path = { id: created.data!.id };
const header = { "If-Match": created.response.headers.get("ETag")! };
const params = { path, header };
const body = { done: true, dueOn: "2026-12-31" };
const changed = await api.PATCH("/tasks/{id}", { params, body });
assertEquals(changed.data?.dueOn, "2026-12-31");
const late = await api.PATCH("/tasks/{id}", { params, body });
assertEquals(late.error?.type, "/problems/version-mismatch");

const removed = await api.DELETE("/tasks/{id}", { params: { path } });
assertEquals(removed.response.status, 204);

const invalid = await api.POST("/tasks", { body: { title: "" } });
assertEquals(invalid.error?.errors?.[0]?.pointer, "#/title");
