import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { layoutOf } from "../../store/layout.ts";
import { LAYOUT, taskOf } from "./writes.ts";

Deno.test("keysOf() puts a value at its own key and at one of each index", () => {
  const id = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";
  const task = { ...taskOf({ id, done: true, priority: "high" }) };

  assertEquals(LAYOUT.keysOf(task), [
    ["tasks", 1, "task", id],
    ["tasks", 1, "done", true, id],
    ["tasks", 1, "priority", "high", id],
    ["tasks", 1, "dueOn", new Uint8Array(), id],
  ]);
});

Deno.test("keysOf() takes the default of a field that a row lacks", () => {
  const meta = { id: "7", createdAt: "", updatedAt: "" };
  const notes = { name: "notes", indexes: ["rank", "by"] };
  const layout = layoutOf({ ...notes, defaults: { rank: 3 } });

  assertEquals(layout.keysOf(meta).slice(1), [
    ["notes", 1, "rank", 3, "7"],
    ["notes", 1, "by", new Uint8Array(), "7"],
  ]);
});

Deno.test("keysOf() takes times, whatever their zone, in the order of time", () => {
  const notes = { name: "notes", indexes: ["at"], times: ["at"] };
  const at = "1970-01-01T01:00:01+01:00";
  const row = { id: "7", at, createdAt: "", updatedAt: "" };

  assertEquals(layoutOf(notes).keysOf(row)[1], ["notes", 1, "at", 1000, "7"]);
});

Deno.test("fill() adds what is missing behind the other fields, and copies nothing else", () => {
  const task = { ...taskOf() };
  const { dueOn: _dueOn, ...old } = task;

  assertStrictEquals(LAYOUT.fill(task), task);
  assertEquals(JSON.stringify(LAYOUT.fill(old)), JSON.stringify(task));
});

Deno.test("layoutOf() keeps the kinds of rows apart", () => {
  const { space, values, idempotency, log, rev, indexRecord } = LAYOUT;
  const keys = [values, idempotency, log, rev, indexRecord];

  assertEquals(keys.every((key) => key.length === space.length + 1), true);
  assertEquals(new Set(keys.map((key) => key.at(-1))).size, keys.length);
});

Deno.test("layoutOf() names one value after the collection", () => {
  const WORDS = { tasks: "task", notes: "note", sheep: "sheep", news: "new" };
  for (const [name, word] of Object.entries(WORDS)) {
    assertEquals(layoutOf({ name, indexes: [] }).word, word);
  }
});

Deno.test("layoutOf() rejects an index with the name of another kind", () => {
  for (const index of ["note", "log", "rev", "idempotency", "indexes"]) {
    assertThrows(
      () => layoutOf({ name: "notes", indexes: ["rank", index] }),
      TypeError,
      `Cannot index "${index}" of "notes"`,
    );
  }
});
