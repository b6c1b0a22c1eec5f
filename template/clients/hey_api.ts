/**
 * The round trip with hey-api.
 *
 * @module
 */

import { assertEquals, assertExists } from "@std/assert";
import { client } from "./generated/hey-api/client.gen.ts";
import * as api from "./generated/hey-api/sdk.gen.ts";

const baseUrl = Deno.args[0]!;
client.setConfig({ baseUrl });

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
  const url = new URL(data.next ?? "", baseUrl);
  cursor = url.searchParams.get("cursor") ?? undefined;
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
