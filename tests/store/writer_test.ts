import { assertEquals, assertRejects } from "@std/assert";
import type { LogRow } from "../../store/layout.ts";
import { NOTES, TASKS } from "./tasks.ts";
import { verify } from "./verify.ts";
import type { Write } from "../../store/write.ts";
import { Writer } from "../../store/writer.ts";
import {
  committing,
  creationOf,
  LAYOUT,
  losing,
  NOTE_LAYOUT,
  taskOf,
} from "./writes.ts";

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

Deno.test("Writer writes together what arrives during a commit, a limit at a time", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new Writer(kv, true);
  const changes = creations(120);

  const versions = await Promise.all(
    changes.map((change) => writer.write(change, wanted)),
  );

  assertEquals(await sizesIn(kv), [50, 50, 20]);
  assertEquals(versions, versions.toSorted());
  for (const [index, { after }] of changes.entries()) {
    const row = await kv.get(["tasks", 1, "task", after!.id]);
    assertEquals([row.value, row.versionstamp], [after, versions[index]!]);
  }
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("Writer writes each change by itself where the database does many in parallel", async () => {
  using kv = await Deno.openKv(":memory:");
  let open = 0;
  let most = 0;
  const watched = committing(kv, async (commit) => {
    most = Math.max(most, ++open);
    const result = await commit();
    open--;
    return result;
  });
  const writer = new Writer(watched, false);

  const writes = creations(9).map((change) => writer.write(change, wanted));
  await Promise.all(writes);

  assertEquals(most, 9);
  assertEquals(await sizesIn(kv), Array(9).fill(1));
});

Deno.test("Writer writes changes of two collections together, each with its own log", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new Writer(kv, true);
  const notes = ["a", "b", "c"].map((id) =>
    creationOf(taskOf({ id, title: "Hi" }), NOTE_LAYOUT)
  );

  const versions = await Promise.all(
    [...creations(3), ...notes].map((it) => writer.write(it, wanted)),
  );

  assertEquals(new Set(versions).size, 1);
  assertEquals(await sizesIn(kv), [3]);
  assertEquals(await sizesIn(kv, NOTE_LAYOUT), [3]);
  assertEquals((await kv.get(LAYOUT.rev)).versionstamp, versions[0]!);
  assertEquals((await kv.get(NOTE_LAYOUT.rev)).versionstamp, versions[0]!);
  assertEquals(await verify(kv, TASKS), []);
  assertEquals(await verify(kv, NOTES), []);
});

Deno.test("Writer leaves the log and the last change of other collections alone", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new Writer(kv, true);
  await writer.write(creationOf(taskOf(), NOTE_LAYOUT), wanted);
  const before = await kv.get(NOTE_LAYOUT.rev);

  await Promise.all(creations(3).map((it) => writer.write(it, wanted)));

  assertEquals(await kv.get(NOTE_LAYOUT.rev), before);
  assertEquals(await sizesIn(kv, NOTE_LAYOUT), [1]);
});

Deno.test("Writer lets one of two win that rely on the same row", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new Writer(kv, true);
  const [first] = creations(1);
  const [left, right] = ["left", "right"].map((title) =>
    creationOf(taskOf({ id: "9", title }))
  ) as [Write, Write];

  const [, one, other] = await Promise.all(
    [first!, left, right].map((change) => writer.write(change, wanted)),
  );

  const { value, versionstamp } = await kv.get(["tasks", 1, "task", "9"]);
  assertEquals([value, one, other], [left.after, versionstamp!, undefined]);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("Writer rejects a change whose check fails, and none of those with it", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new Writer(kv, true);
  await kv.set(["other"], 1);
  const changes = creations(41);
  const checks = [{ key: ["other"], versionstamp: null }];
  changes[17] = { ...changes[17]!, checks };

  const versions = await Promise.all(
    changes.map((change) => writer.write(change, wanted)),
  );

  assertEquals(versions.flatMap((it, at) => it === undefined ? [at] : []), [
    17,
  ]);
  const sizes = await sizesIn(kv);
  assertEquals(sizes.reduce((sum, size) => sum + size), 40);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("Writer writes in parts what is too much for one operation", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new Writer(kv, true);
  const large = creations(30, "ß".repeat(1999) + "🦁");

  const versions = await Promise.all(
    large.map((change) => writer.write(change, wanted)),
  );

  assertEquals(versions.includes(undefined), false);
  const sizes = await sizesIn(kv);
  assertEquals(sizes.reduce((sum, size) => sum + size), 30);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("Writer rejects a change that is too large, and none of those with it", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new Writer(kv, true);
  const [first, second] = creations(2);
  const huge = creationOf(taskOf({ id: "9", title: "x".repeat(70_000) }));

  const [one, refused, other] = await Promise.allSettled(
    [first!, huge, second!].map((change) => writer.write(change, wanted)),
  );

  assertEquals([one?.status, refused?.status, other?.status], [
    "fulfilled",
    "rejected",
    "fulfilled",
  ]);
  assertEquals(await verify(kv, TASKS), []);
});

Deno.test("Writer continues after a failure", async () => {
  using kv = await Deno.openKv(":memory:");
  let fails = true;
  const failing = committing(kv, (commit) => {
    if (fails) return Promise.reject(new TypeError("disk I/O error"));
    return commit();
  });
  const writer = new Writer(failing, true);
  const [first, second] = creations(2);

  await Promise.all(
    [first!, second!].map((change) =>
      assertRejects(() => writer.write(change, wanted), TypeError, "disk")
    ),
  );
  fails = false;

  assertEquals((await writer.write(first!, wanted))?.length, 20);
});

Deno.test("Writer begins no write whose signal has aborted", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const inTurn of [true, false]) {
    const writer = new Writer(kv, inTurn);
    assertEquals(
      await writer.write(creations(1)[0]!, AbortSignal.abort()),
      undefined,
    );
  }

  assertEquals(await sizesIn(kv), []);
});

Deno.test("Writer writes once, and resolves, when responses get lost", async () => {
  for (const inTurn of [true, false]) {
    using kv = await Deno.openKv(":memory:");
    const writer = new Writer(losing(kv), inTurn);

    const versions = await Promise.all(
      creations(10).map((change) => writer.write(change, wanted)),
    );

    assertEquals(versions.includes(undefined), false);
    const sizes = await sizesIn(kv);
    assertEquals(sizes.reduce((sum, size) => sum + size), 10);
    assertEquals(await verify(kv, TASKS), []);
  }
});
