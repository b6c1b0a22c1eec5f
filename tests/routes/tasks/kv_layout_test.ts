import { assertEquals } from "@std/assert";
import * as layout from "../../../routes/tasks/kv_layout.ts";

Deno.test("rowsOf() puts a task at its own key and at one of each index", () => {
  const id = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";

  assertEquals(layout.rowsOf({ id, done: true, priority: "high" }), [
    ["tasks", 1, "task", id],
    ["tasks", 1, "done", true, id],
    ["tasks", 1, "priority", "high", id],
  ]);
});

Deno.test("no key of the layout begins another one", () => {
  const { TASK, DONE, PRIORITY, IDEMPOTENCY, LOG, REV, SPACE } = layout;
  const keys = [TASK, DONE, PRIORITY, IDEMPOTENCY, LOG, REV];

  assertEquals(keys.every((key) => key.length === SPACE.length + 1), true);
  assertEquals(new Set(keys.map((key) => key.at(-1))).size, keys.length);
});
