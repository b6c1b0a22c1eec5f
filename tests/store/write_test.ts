import { assertEquals } from "@std/assert";
import { layoutOf, type LogRow, type Row } from "../../store/layout.ts";
import { commit, findWrite, type Write } from "../../store/write.ts";
import { TASKS } from "./tasks.ts";
import { verify } from "./verify.ts";
import { creationOf, LAYOUT, losing, taskOf } from "./writes.ts";

const { log: LOG, rev: REV } = LAYOUT;
const TASK: Row = { ...taskOf() };

Deno.test("commit() logs what it does", async () => {
  using kv = await Deno.openKv(":memory:");
  const done = { ...TASK, done: true };
  const steps: [Row | null, Row | null][] = [
    [null, TASK],
    [TASK, done],
    [done, { ...done, title: "Read" }],
    [{ ...done, title: "Read" }, null],
  ];

  const versions: (string | undefined)[] = [];
  for (const [at, [before, after]] of steps.entries()) {
    const checks = [await kv.get(REV)];
    const change = {
      layout: LAYOUT,
      write: `${at}`,
      checks,
      before,
      after,
      at,
    };
    versions.push(await commit(kv, [change]));
    assertEquals(await verify(kv, TASKS), []);
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

Deno.test("commit() writes all or none", async () => {
  using kv = await Deno.openKv(":memory:");
  const [first, second, third] = ["1", "2", "3"].map((id) =>
    creationOf(taskOf({ id }))
  ) as [Write, Write, Write];

  const version = await commit(kv, [first, second]);
  const refused = await commit(kv, [third, second]);

  assertEquals(version, (await kv.get(REV)).versionstamp!);
  assertEquals(refused, undefined);
  const rows = await Array.fromAsync(kv.list<LogRow>({ prefix: LOG }));
  assertEquals(rows.length, 1);
  assertEquals(rows[0]?.value.changes.map(({ write }) => write), [
    first.write,
    second.write,
  ]);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("findWrite() finds a write whose response was lost, and no other", async () => {
  using kv = await Deno.openKv(":memory:");
  await commit(kv, [creationOf(taskOf({ id: "1" }))]);
  const { versionstamp: since } = await kv.get(REV);
  const change = { ...creationOf(taskOf()), since };
  const together = [creationOf(taskOf({ id: "2" })), change];

  assertEquals(await findWrite(kv, change), undefined);
  assertEquals(await commit(losing(kv), together), undefined);
  await commit(kv, [creationOf(taskOf({ id: "3" }))]);

  const { versionstamp } = await kv.get(["tasks", 1, "task", TASK.id]);
  const { since: _since, ...unbound } = change;
  assertEquals(await findWrite(kv, change), versionstamp!);
  assertEquals(await findWrite(kv, unbound), versionstamp!);
  assertEquals(await findWrite(kv, { ...change, write: "" }), undefined);
});

Deno.test("commit() moves a copy between keys that look alike as text", async () => {
  const values = [null, "", 0, "0", false, "false", undefined, -0, true, 1];
  using kv = await Deno.openKv(":memory:");
  const notes = { name: "notes", indexes: ["any"] };
  const layout = layoutOf(notes);
  let before: Row | null = null;

  for (const [at, any] of values.entries()) {
    const after: Row = { id: "7", any, createdAt: "", updatedAt: "" };
    const checks = [await kv.get(layout.rev)];
    const write = { layout, write: `${at}`, checks, before, after, at };
    await commit(kv, [write]);
    assertEquals(await verify(kv, notes), []);
    before = after;
  }
});
