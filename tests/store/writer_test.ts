import { assertEquals, assertRejects } from "@std/assert";
import { layoutOf, type LogRow, type Row } from "../../store/layout.ts";
import { NOTES, TASKS } from "./tasks.ts";
import { verify } from "./verify.ts";
import { createWriter, type Write } from "../../store/writer.ts";
import {
  committing,
  creationOf,
  LAYOUT,
  losing,
  NOTE_LAYOUT,
  taskOf,
  writeAll,
} from "./writes.ts";

const { log: LOG, rev: REV } = LAYOUT;
const TASK: Row = { ...taskOf() };

const wanted = new AbortController().signal;

/** Creations of so many tasks. */
function creations(count: number, description = ""): Write[] {
  return Array.from(
    { length: count },
    (_, index) => creationOf(taskOf({ id: `${index}`, description })),
  );
}

/** How many changes each operation had, in order. */
async function sizesIn(
  kv: Deno.Kv,
  { log: prefix } = LAYOUT,
): Promise<number[]> {
  const rows = kv.list<LogRow>({ prefix });
  return await Array.fromAsync(rows, ({ value }) => value.changes.length);
}

Deno.test("a writer writes together what arrives during a commit, a limit at a time", async () => {
  using kv = await Deno.openKv(":memory:");
  const write = createWriter(kv, true);
  const changes = creations(120);

  const versions = await Promise.all(
    changes.map((change) => write(change, wanted)),
  );

  assertEquals(await sizesIn(kv), [50, 50, 20]);
  assertEquals(versions, versions.toSorted());
  for (const [index, { after }] of changes.entries()) {
    const row = await kv.get(["tasks", 1, "task", after!.id]);
    assertEquals([row.value, row.versionstamp], [after, versions[index]!]);
  }
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("a writer writes each change by itself where the database does many in parallel", async () => {
  using kv = await Deno.openKv(":memory:");
  let open = 0;
  let most = 0;
  const watched = committing(kv, async (commit) => {
    most = Math.max(most, ++open);
    const result = await commit();
    open--;
    return result;
  });
  const write = createWriter(watched, false);

  const writes = creations(9).map((change) => write(change, wanted));
  await Promise.all(writes);

  assertEquals(most, 9);
  assertEquals(await sizesIn(kv), Array(9).fill(1));
});

Deno.test("a writer writes changes of two collections together, each with its own log", async () => {
  using kv = await Deno.openKv(":memory:");
  const write = createWriter(kv, true);
  const notes = ["a", "b", "c"].map((id) =>
    creationOf(taskOf({ id, title: "Hi" }), NOTE_LAYOUT)
  );

  const versions = await Promise.all(
    [...creations(3), ...notes].map((it) => write(it, wanted)),
  );

  assertEquals(new Set(versions).size, 1);
  assertEquals(await sizesIn(kv), [3]);
  assertEquals(await sizesIn(kv, NOTE_LAYOUT), [3]);
  assertEquals((await kv.get(LAYOUT.rev)).versionstamp, versions[0]!);
  assertEquals((await kv.get(NOTE_LAYOUT.rev)).versionstamp, versions[0]!);
  assertEquals(await verify(kv, TASKS), []);
  assertEquals(await verify(kv, NOTES), []);
});

Deno.test("a writer leaves the log and the last change of other collections alone", async () => {
  using kv = await Deno.openKv(":memory:");
  const write = createWriter(kv, true);
  await write(creationOf(taskOf(), NOTE_LAYOUT), wanted);
  const before = await kv.get(NOTE_LAYOUT.rev);

  await Promise.all(creations(3).map((it) => write(it, wanted)));

  assertEquals(await kv.get(NOTE_LAYOUT.rev), before);
  assertEquals(await sizesIn(kv, NOTE_LAYOUT), [1]);
});

Deno.test("a writer lets one of two win that rely on the same row", async () => {
  using kv = await Deno.openKv(":memory:");
  const write = createWriter(kv, true);
  const [first] = creations(1);
  const [left, right] = ["left", "right"].map((title) =>
    creationOf(taskOf({ id: "9", title }))
  ) as [Write, Write];

  const [, one, other] = await Promise.all(
    [first!, left, right].map((change) => write(change, wanted)),
  );

  const { value, versionstamp } = await kv.get(["tasks", 1, "task", "9"]);
  assertEquals([value, one, other], [left.after, versionstamp!, undefined]);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("a writer rejects a change whose check fails, and none of those with it", async () => {
  using kv = await Deno.openKv(":memory:");
  const write = createWriter(kv, true);
  await kv.set(["other"], 1);
  const changes = creations(41);
  const checks = [{ key: ["other"], versionstamp: null }];
  changes[17] = { ...changes[17]!, checks };

  const versions = await Promise.all(
    changes.map((change) => write(change, wanted)),
  );

  assertEquals(versions.flatMap((it, at) => it === undefined ? [at] : []), [
    17,
  ]);
  const sizes = await sizesIn(kv);
  assertEquals(sizes.reduce((sum, size) => sum + size), 40);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("a writer writes in parts what is too much for one operation", async () => {
  using kv = await Deno.openKv(":memory:");
  const write = createWriter(kv, true);
  const large = creations(30, "ß".repeat(1999) + "🦁");

  const versions = await Promise.all(
    large.map((change) => write(change, wanted)),
  );

  assertEquals(versions.includes(undefined), false);
  const sizes = await sizesIn(kv);
  assertEquals(sizes.reduce((sum, size) => sum + size), 30);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("a writer rejects a change that is too large, and none of those with it", async () => {
  using kv = await Deno.openKv(":memory:");
  const write = createWriter(kv, true);
  const [first, second] = creations(2);
  const huge = creationOf(taskOf({ id: "9", title: "x".repeat(70_000) }));

  const [one, refused, other] = await Promise.allSettled(
    [first!, huge, second!].map((change) => write(change, wanted)),
  );

  assertEquals([one?.status, refused?.status, other?.status], [
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("a writer continues after a failure", async () => {
  using kv = await Deno.openKv(":memory:");
  let fails = true;
  const failing = committing(kv, (commit) => {
    if (fails) return Promise.reject(new TypeError("disk I/O error"));
    return commit();
  });
  const write = createWriter(failing, true);
  const [first, second] = creations(2);

  await Promise.all(
    [first!, second!].map((change) =>
      assertRejects(() => write(change, wanted), TypeError, "disk")
    ),
  );
  fails = false;

  assertEquals((await write(first!, wanted))?.length, 20);
});

Deno.test("a writer begins no write whose signal has aborted", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const inTurn of [true, false]) {
    const write = createWriter(kv, inTurn);
    assertEquals(
      await write(creations(1)[0]!, AbortSignal.abort()),
      undefined,
    );
  }

  assertEquals(await sizesIn(kv), []);
});

Deno.test("a writer writes once, and resolves, when responses get lost", async () => {
  for (const inTurn of [true, false]) {
    using kv = await Deno.openKv(":memory:");
    const write = createWriter(losing(kv), inTurn);

    const versions = await Promise.all(
      creations(10).map((change) => write(change, wanted)),
    );

    assertEquals(versions.includes(undefined), false);
    const sizes = await sizesIn(kv);
    assertEquals(sizes.reduce((sum, size) => sum + size), 10);
    assertEquals(await verify(kv, TASKS), []);
  }
});

Deno.test("a writer logs what it does", async () => {
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
    versions.push(...await writeAll(kv, [change]));
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

Deno.test("a writer writes every row of a change, or none", async () => {
  using kv = await Deno.openKv(":memory:");
  const [first, second] = creations(2) as [Write, Write];
  // Its copies and its row of the log would be written.
  const third = { ...creationOf(taskOf({ id: "3" })), checks: first.checks };

  const [one, other] = await writeAll(kv, [first, second]);
  const [refused] = await writeAll(kv, [third]);

  assertEquals([one, other], Array(2).fill((await kv.get(REV)).versionstamp));
  assertEquals(refused, undefined);
  const rows = await Array.fromAsync(kv.list<LogRow>({ prefix: LOG }));
  assertEquals(rows.map(({ value }) => value.changes.map((it) => it.write)), [
    [first.write, second.write],
  ]);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("a writer finds a write whose response was lost, and no other", async () => {
  using kv = await Deno.openKv(":memory:");
  const [since] = await writeAll(kv, [creationOf(taskOf({ id: "before" }))]);
  // Others write before it is sent again.
  const lossy = committing(kv, async (commit) => {
    await commit();
    const id = crypto.randomUUID();
    await writeAll(kv, [creationOf(taskOf({ id }))]);
    return await commit();
  });
  const [first, second] = creations(2) as [Write, Write];

  for (const change of [first, { ...second, since: since! }]) {
    const [version] = await writeAll(lossy, [change]);
    const { versionstamp } = await kv.get(change.checks[0]!.key);
    assertEquals(version, versionstamp!);
    const other = { ...change, write: crypto.randomUUID() };
    assertEquals(await writeAll(kv, [other]), [undefined]);
  }
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("a writer moves a copy between keys that look alike as text", async () => {
  const values = [null, "", 0, "0", false, "false", undefined, -0, true, 1];
  using kv = await Deno.openKv(":memory:");
  const notes = { name: "notes", indexes: ["any"] };
  const layout = layoutOf(notes);
  let before: Row | null = null;

  for (const [at, any] of values.entries()) {
    const after: Row = { id: "7", any, createdAt: "", updatedAt: "" };
    const checks = [await kv.get(layout.rev)];
    const write = { layout, write: `${at}`, checks, before, after, at };
    await writeAll(kv, [write]);
    assertEquals(await verify(kv, notes), []);
    before = after;
  }
});
