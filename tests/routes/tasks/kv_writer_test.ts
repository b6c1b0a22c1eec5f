import { assertEquals, assertRejects } from "@std/assert";
import { LOG, type LogRow } from "../../../routes/tasks/kv_layout.ts";
import { verifyRows } from "../../../routes/tasks/kv_verify.ts";
import type { Change } from "../../../routes/tasks/kv_write.ts";
import { KvWriter } from "../../../routes/tasks/kv_writer.ts";
import { committing, creationOf, losing, taskOf } from "./kv_changes.ts";

const wanted = (): boolean => false;

/** Creations of so many tasks. */
function creations(count: number, description = ""): Change[] {
  return Array.from(
    { length: count },
    (_, index) => creationOf(taskOf({ id: `${index}`, description })),
  );
}

/** How many changes each operation had, in order. */
async function sizesIn(kv: Deno.Kv): Promise<number[]> {
  const rows = kv.list<LogRow>({ prefix: LOG });
  return await Array.fromAsync(rows, ({ value }) => value.changes.length);
}

Deno.test("KvWriter writes together what comes in while it writes, a limit at a time", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new KvWriter(kv, true);
  const changes = creations(120);

  const versions = await Promise.all(
    changes.map((change) => writer.write(change, wanted)),
  );

  assertEquals(await sizesIn(kv), [1, 50, 50, 19]);
  assertEquals(versions, versions.toSorted());
  for (const [index, { is }] of changes.entries()) {
    const row = await kv.get(["tasks", 1, "task", is!.id]);
    assertEquals([row.value, row.versionstamp], [is, versions[index]!]);
  }
  assertEquals(await verifyRows(kv), []);
});

Deno.test("KvWriter writes each change by itself where the database does many at once", async () => {
  using kv = await Deno.openKv(":memory:");
  let open = 0;
  let most = 0;
  const watched = committing(kv, async (commit) => {
    most = Math.max(most, ++open);
    const result = await commit();
    open--;
    return result;
  });
  const writer = new KvWriter(watched, false);

  const writes = creations(9).map((change) => writer.write(change, wanted));
  await Promise.all(writes);

  assertEquals(most, 9);
  assertEquals(await sizesIn(kv), Array(9).fill(1));
});

Deno.test("KvWriter lets one of two win that rely on the same row", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new KvWriter(kv, true);
  const [first] = creations(1);
  const [left, right] = ["left", "right"].map((title) =>
    creationOf(taskOf({ id: "9", title }))
  ) as [Change, Change];

  const [, one, other] = await Promise.all(
    [first!, left, right].map((change) => writer.write(change, wanted)),
  );

  const { value, versionstamp } = await kv.get(["tasks", 1, "task", "9"]);
  assertEquals([value, one, other], [left.is, versionstamp!, undefined]);
  assertEquals(await verifyRows(kv), []);
});

Deno.test("KvWriter refuses what fails its check, and nobody who came with it", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new KvWriter(kv, true);
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
  assertEquals(await verifyRows(kv), []);
});

Deno.test("KvWriter writes in parts what is too much for one operation", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new KvWriter(kv, true);
  const large = creations(30, "ß".repeat(1999) + "🦁");

  const versions = await Promise.all(
    large.map((change) => writer.write(change, wanted)),
  );

  assertEquals(versions.includes(undefined), false);
  const sizes = await sizesIn(kv);
  assertEquals(sizes.reduce((sum, size) => sum + size), 30);
  assertEquals(await verifyRows(kv), []);
});

Deno.test("KvWriter rejects what is too large by itself, and nobody who came with it", async () => {
  using kv = await Deno.openKv(":memory:");
  const writer = new KvWriter(kv, true);
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
  assertEquals(await verifyRows(kv), []);
});

Deno.test("KvWriter goes on after a failure", async () => {
  using kv = await Deno.openKv(":memory:");
  let fails = true;
  const failing = committing(kv, (commit) => {
    if (fails) return Promise.reject(new TypeError("disk I/O error"));
    return commit();
  });
  const writer = new KvWriter(failing, true);
  const [first, second] = creations(2);

  await Promise.all(
    [first!, second!].map((change) =>
      assertRejects(() => writer.write(change, wanted), TypeError, "disk")
    ),
  );
  fails = false;

  assertEquals((await writer.write(first!, wanted))?.length, 20);
});

Deno.test("KvWriter begins nothing that nobody waits for any more", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const inTurn of [true, false]) {
    const writer = new KvWriter(kv, inTurn);
    assertEquals(await writer.write(creations(1)[0]!, () => true), undefined);
  }

  assertEquals(await sizesIn(kv), []);
});

Deno.test("KvWriter writes once, and says so, when answers get lost", async () => {
  for (const inTurn of [true, false]) {
    using kv = await Deno.openKv(":memory:");
    const writer = new KvWriter(losing(kv), inTurn);

    const versions = await Promise.all(
      creations(10).map((change) => writer.write(change, wanted)),
    );

    assertEquals(versions.includes(undefined), false);
    const sizes = await sizesIn(kv);
    assertEquals(sizes.reduce((sum, size) => sum + size), 10);
    assertEquals(await verifyRows(kv), []);
  }
});
