/**
 * The round trip with hey-api.
 *
 * @module
 */

import { assertEquals, assertExists } from "@std/assert";
import { client } from "./generated/hey-api/client.gen.ts";
import * as api from "./generated/hey-api/sdk.gen.ts";

client.setConfig({ baseUrl: Deno.args[0]! });

const title = "milk 🥛";
const created = await api.createTask({ body: { title } });
assertEquals(created.data?.title, title);
await api.createTask({ body: { title: "bread", priority: "high" } });

const titles: string[] = [];
let cursor: string | undefined;
do {
  const query = { limit: 1, done: false, cursor };
  const { data } = await api.listTasks({ query });
  assertExists(data);
  titles.push(...data.items.map(({ title }) => title));
  cursor = data.nextCursor ?? undefined;
} while (cursor);
assertEquals(titles, ["bread", title]);

const path = { id: created.data!.id };
const headers = { "If-Match": created.response!.headers.get("ETag")! };
const body = { done: true, dueOn: "2026-12-31" };
const changed = await api.updateTask({ path, headers, body });
assertEquals(changed.data?.dueOn, "2026-12-31");
const late = await api.updateTask({ path, headers, body });
assertEquals(late.error?.type, "/problems/version-mismatch");

const removed = await api.deleteTask({ path });
assertEquals(removed.response?.status, 204);

const invalid = await api.createTask({ body: { title: "" } });
assertEquals(invalid.error?.errors?.[0]?.pointer, "#/title");
