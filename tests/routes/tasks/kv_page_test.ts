import { assertEquals } from "@std/assert";
import { rowsOf } from "../../../routes/tasks/kv_layout.ts";
import { readPage } from "../../../routes/tasks/kv_page.ts";
import type { TaskFilter } from "../../../routes/tasks/store.ts";
import type { Priority, Task } from "../../../routes/tasks/task.ts";

/** Fills a database with tasks "000" to "119": every third done, every sixth high. */
async function openFilled(): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  for (let n = 0; n < 120; n++) {
    const task = {
      id: String(n).padStart(3, "0"),
      done: n % 3 === 0,
      priority: (n % 6 === 0 ? "high" : "low") as Priority,
    } as Task;
    for (const key of rowsOf(task)) await kv.set(key, task);
  }
  return kv;
}

// A filter, and how many of the 120 pass it.
const FILTERS: readonly [TaskFilter, number][] = [
  [{}, 120],
  [{ done: true }, 40],
  [{ done: false }, 80],
  [{ priority: "high" }, 20],
  [{ priority: "medium" }, 0],
  [{ done: true, priority: "high" }, 20],
  [{ done: true, priority: "low" }, 20],
  [{ done: false, priority: "high" }, 0],
  [{ done: false, priority: "low" }, 80],
];

for (const [filter, count] of FILTERS) {
  Deno.test(`readPage() walks ${JSON.stringify(filter)} newest first, page by page`, async () => {
    using kv = await openFilled();
    const ids: string[] = [];

    let before: string | undefined;
    do {
      const page = await readPage(kv, filter, { limit: 7, before });
      ids.push(...page.items.map(({ id }) => id));
      before = page.next ?? undefined;
    } while (before !== undefined);

    assertEquals(ids.length, count);
    assertEquals(ids, [...new Set(ids)].sort().reverse());
  });
}

Deno.test("readPage() gives a short page and goes on after a thousand rows that do not pass", async () => {
  using kv = await Deno.openKv(":memory:");
  for (let n = 0; n < 1_005; n++) {
    const id = String(n).padStart(4, "0");
    const priority = n === 0 ? "high" : "low";
    const task = { id, done: false, priority } as Task;
    for (const key of rowsOf(task)) await kv.set(key, task);
  }
  const filter: TaskFilter = { done: false, priority: "high" };

  const first = await readPage(kv, filter, { limit: 5 });
  const second = await readPage(kv, filter, { limit: 5, before: first.next! });

  assertEquals([first.items, first.next], [[], "0005"]);
  assertEquals(second.items.map(({ id }) => id), ["0000"]);
  assertEquals(second.next, null);
});
