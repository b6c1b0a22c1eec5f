/**
 * The round trip with orval. Its Zod schemas check what is sent and received.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import * as api from "./generated/orval/client.ts";
import * as schemas from "./generated/orval/zod.ts";

const title = "milk 🥛";
const input = schemas.CreateTaskBody.parse({ title });
const created = await api.createTask(input);
assert(created.status === 201);
assertEquals(schemas.CreateTaskResponse.parse(created.data).title, title);
await api.createTask({ title: "bread", priority: "high" });

const titles: string[] = [];
let cursor: string | undefined;
do {
  const query = { limit: 1, done: false, cursor };
  const { data } = await api.listTasks(query);
  const { items, nextCursor } = schemas.ListTasksResponse.parse(data);
  titles.push(...items.map(({ title }) => title));
  cursor = nextCursor ?? undefined;
} while (cursor);
assertEquals(titles, ["bread", title]);

const { id } = created.data;
const headers = { "If-Match": created.headers.get("ETag")! };
const patch = schemas.UpdateTaskBody.parse({ done: true, dueOn: "2026-12-31" });
const changed = await api.updateTask(id, patch, { headers });
assert(changed.status === 200);
assertEquals(
  schemas.UpdateTaskResponse.parse(changed.data).dueOn,
  "2026-12-31",
);
const late = await api.updateTask(id, patch, { headers });
assert(late.status === 412);
assertEquals(late.data.type, "/problems/version-mismatch");

assertEquals((await api.deleteTask(id)).status, 204);

assertEquals(schemas.CreateTaskBody.safeParse({ title: "" }).success, false);
const invalid = await api.createTask({ title: "" });
assert(invalid.status === 422);
assertEquals(invalid.data.errors?.[0]?.pointer, "#/title");
