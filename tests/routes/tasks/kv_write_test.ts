import { assertEquals } from "@std/assert";
import { LOG, type LogRow, REV } from "../../../routes/tasks/kv_layout.ts";
import { verifyRows } from "../../../routes/tasks/kv_verify.ts";
import {
  type Change,
  findChange,
  writeChanges,
} from "../../../routes/tasks/kv_write.ts";
import type { Task } from "../../../routes/tasks/task.ts";
import { creationOf, losing, taskOf } from "./kv_changes.ts";

const TASK = taskOf();

Deno.test("writeChanges() logs what it does", async () => {
  using kv = await Deno.openKv(":memory:");
  const done = { ...TASK, done: true };
  const steps: [Task | null, Task | null][] = [
    [null, TASK],
    [TASK, done],
    [done, { ...done, title: "Read" }],
    [{ ...done, title: "Read" }, null],
  ];

  const versions: (string | undefined)[] = [];
  for (const [at, [was, is]] of steps.entries()) {
    const checks = [await kv.get(REV)];
    const change = { write: `${at}`, checks, was, is, at };
    versions.push(await writeChanges(kv, [change]));
    assertEquals(await verifyRows(kv), []);
  }

  const rows = await Array.fromAsync(kv.list<LogRow>({ prefix: LOG }));
  assertEquals(rows.map(({ value }) => value), [
    { at: 0, changes: [{ event: "created", task: TASK, write: "0" }] },
    { at: 1, changes: [{ event: "updated", task: done, write: "1" }] },
    {
      at: 2,
      changes: [{
        event: "updated",
        task: { ...done, title: "Read" },
        write: "2",
      }],
    },
    { at: 3, changes: [{ event: "deleted", taskId: "7", write: "3" }] },
  ]);
  assertEquals(rows.map(({ key }) => key.at(-1)), versions);
});

Deno.test("writeChanges() writes all or none", async () => {
  using kv = await Deno.openKv(":memory:");
  const [first, second, third] = ["1", "2", "3"].map((id) =>
    creationOf(taskOf({ id }))
  ) as [Change, Change, Change];

  const version = await writeChanges(kv, [first, second]);
  const refused = await writeChanges(kv, [third, second]);

  assertEquals(version, (await kv.get(REV)).versionstamp!);
  assertEquals(refused, undefined);
  const rows = await Array.fromAsync(kv.list<LogRow>({ prefix: LOG }));
  assertEquals(rows.length, 1);
  assertEquals(rows[0]?.value.changes.map(({ write }) => write), [
    first.write,
    second.write,
  ]);
  assertEquals(await verifyRows(kv), []);
});

Deno.test("findChange() finds a write whose answer was lost, and no other", async () => {
  using kv = await Deno.openKv(":memory:");
  await writeChanges(kv, [creationOf(taskOf({ id: "1" }))]);
  const { versionstamp: since } = await kv.get(REV);
  const change = { ...creationOf(TASK), since };
  const together = [creationOf(taskOf({ id: "2" })), change];

  assertEquals(await findChange(kv, change), undefined);
  assertEquals(await writeChanges(losing(kv), together), undefined);
  await writeChanges(kv, [creationOf(taskOf({ id: "3" }))]);

  const { versionstamp } = await kv.get(["tasks", 1, "task", TASK.id]);
  const { since: _since, ...unbound } = change;
  assertEquals(await findChange(kv, change), versionstamp!);
  assertEquals(await findChange(kv, unbound), versionstamp!);
  assertEquals(await findChange(kv, { ...change, write: "" }), undefined);
});
