import { assertEquals } from "@std/assert";
import { spy } from "@std/testing/mock";
import type { Filter, Position } from "../../store/collection.ts";
import { layoutOf } from "../../store/layout.ts";
import { readPage } from "../../store/page.ts";

const LAYOUT = layoutOf({ name: "tasks", indexes: ["done", "priority"] });

/** Fills a database with tasks "000" to "119": every third done, every sixth high. */
async function openFilled(): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  for (let n = 0; n < 120; n++) {
    const task = {
      id: String(n).padStart(3, "0"),
      done: n % 3 === 0,
      priority: n % 6 === 0 ? "high" : "low",
      createdAt: "",
      updatedAt: "",
    };
    for (const key of LAYOUT.keysOf(task)) await kv.set(key, task);
  }
  return kv;
}

// A filter, and how many of the 120 pass it.
const FILTERS: readonly [Filter, number][] = [
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

    let after: Position | undefined;
    do {
      const page = await readPage(kv, LAYOUT, filter, { limit: 7, after });
      ids.push(...page.items.map(({ id }) => id));
      after = page.next ?? undefined;
    } while (after !== undefined);

    assertEquals(ids.length, count);
    assertEquals(ids, [...new Set(ids)].sort().reverse());
  });
}

/** Fills a database with so many tasks, each with the fields for its number. */
async function openWith(
  count: number,
  fieldsOf: (n: number) => Record<string, unknown>,
): Promise<Deno.Kv> {
  const kv = await Deno.openKv(":memory:");
  for (let n = 0; n < count; n++) {
    const id = String(n).padStart(4, "0");
    const task = { id, ...fieldsOf(n), createdAt: "", updatedAt: "" };
    for (const key of LAYOUT.keysOf(task)) await kv.set(key, task);
  }
  return kv;
}

Deno.test("readPage() returns a short page and continues after a thousand rows that do not pass", async () => {
  using kv = await openWith(2010, (n) => ({
    done: n % 2 === 1,
    priority: n === 0 || n % 2 === 1 ? "high" : "low",
  }));
  const filter: Filter = { done: false, priority: "high" };

  const first = await readPage(kv, LAYOUT, filter, { limit: 5 });
  const second = await readPage(kv, LAYOUT, filter, {
    limit: 5,
    after: first.next!,
  });

  assertEquals(first.items, []);
  assertEquals(second.items.map(({ id }) => id), ["0000"]);
  assertEquals(second.next, null);
});

Deno.test("readPage() reads the index with the fewest rows, whichever it is", async () => {
  using kv = await openWith(1100, (n) => ({
    done: n < 1097,
    priority: n < 3 ? "high" : "low",
  }));
  const FOUND: [Filter, number][] = [
    [{ done: false, priority: "high" }, 0],
    [{ priority: "high", done: false }, 0],
    [{ done: true, priority: "high" }, 3],
    [{ priority: "low", done: false }, 3],
  ];

  for (const [filter, count] of FOUND) {
    const { items, next } = await readPage(kv, LAYOUT, filter, { limit: 5 });
    // A scan of the longer index would stop after a thousand rows.
    assertEquals([items.length, next], [count, null]);
  }
});

Deno.test("readPage() has no row in a range that lacks the field", async () => {
  using kv = await openWith(6, (n) => n % 2 ? { priority: "low" } : {});
  const filter: Filter = { priority: { to: "medium" } };
  const orders = [
    undefined,
    { index: "priority" },
    { index: "priority", descending: true },
  ];

  for (const order of orders) {
    const page = await readPage(kv, LAYOUT, filter, { limit: 5, order });
    assertEquals(page.items.length, 3);
    assertEquals(page.next, null);
  }
});

Deno.test("readPage() reads a page in order in one step, wherever it begins", async () => {
  using kv = await openWith(1100, (n) => ({
    priority: `p${String(n % 100).padStart(2, "0")}`,
  }));
  using lists = spy(kv, "list");

  for (const descending of [false, true]) {
    const order = { index: "priority", descending };
    for (const priority of [undefined, { from: "p20", to: "p80" }]) {
      const filter: Filter = priority ? { priority } : {};
      const after = { id: "0550", value: "p50" };
      for (const range of [{}, { after }]) {
        const before = lists.calls.length;
        const page = await readPage(kv, LAYOUT, filter, {
          limit: 20,
          order,
          ...range,
        });
        assertEquals(page.items.length, 20);
        assertEquals(lists.calls.length, before + 1);
        const { args: [, options] } = lists.calls.at(-1)!;
        assertEquals(options?.batchSize, 21);
      }
    }
  }
});
