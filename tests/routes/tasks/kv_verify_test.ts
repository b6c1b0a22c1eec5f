import { assertEquals } from "@std/assert";
import { LOG, REV, rowsOf, SPACE } from "../../../routes/tasks/kv_layout.ts";
import { verifyRows } from "../../../routes/tasks/kv_verify.ts";
import { writeChanges } from "../../../routes/tasks/kv_write.ts";
import { creationOf, taskOf } from "./kv_changes.ts";

const TASK = taskOf();
const [ROW, DONE, PRIORITY] = rowsOf(TASK) as [
  Deno.KvKey,
  Deno.KvKey,
  Deno.KvKey,
];

type Plant = (kv: Deno.Kv) => Promise<unknown>;

const VIOLATIONS: Record<string, [Plant, string[]]> = {
  "nothing": [() => Promise.resolve(), []],
  "a copy that says something else": [
    (kv) => kv.set(DONE, { ...TASK, title: "Read" }),
    ['Row "done/false/7" is at NEW, its task at OLD'],
  ],
  "copies that say something else, written with their task": [
    (kv) =>
      kv.atomic().set(ROW, TASK)
        .set(DONE, { ...TASK, title: "Read" })
        .set(PRIORITY, { ...TASK, done: true })
        .set(REV, "").set([...LOG, kv.commitVersionstamp()], {}).commit(),
    [
      'Row "done/false/7" is not equal to its task',
      'Row "priority/low/7" is not equal to its task',
    ],
  ],
  "a task that is newer than its copies": [
    (kv) => kv.set(ROW, TASK),
    [
      'Row "done/false/7" is at OLD, its task at NEW',
      'Row "priority/low/7" is at OLD, its task at NEW',
    ],
  ],
  "a missing copy": [
    (kv) => kv.delete(PRIORITY),
    ['Row "priority/low/7" is at null, its task at OLD'],
  ],
  "a missing task": [
    (kv) => kv.delete(ROW),
    [
      'Row "done/false/7" is a copy of no task',
      'Row "priority/low/7" is a copy of no task',
    ],
  ],
  "a copy at a second place": [
    (kv) => kv.set([...SPACE, "done", true, "7"], TASK),
    ['Row "done/true/7" is a copy of no task'],
  ],
  "a row of another kind": [
    (kv) => kv.set([...SPACE, "what", 7], null),
    ['Row "what/7" is of no known kind'],
  ],
  "a row of another name": [
    (kv) => kv.set([...SPACE, "toString"], null),
    ['Row "toString" is of no known kind'],
  ],
  "a log that goes on": [
    (kv) => kv.atomic().set([...LOG, kv.commitVersionstamp()], {}).commit(),
    ["The log ends at NEW, the last change is OLD"],
  ],
  "a change that is not in the log": [
    (kv) => kv.set(REV, ""),
    ["The log ends at OLD, the last change is NEW"],
  ],
  "no log": [
    async (kv) => {
      for await (const { key } of kv.list({ prefix: LOG })) {
        await kv.delete(key);
      }
    },
    ["The log ends at null, the last change is OLD"],
  ],
};

for (const [name, [plant, expected]] of Object.entries(VIOLATIONS)) {
  Deno.test(`verifyRows() finds ${name}`, async () => {
    using kv = await Deno.openKv(":memory:");
    const old = await writeChanges(kv, [creationOf(TASK)]);
    await kv.set([...SPACE, "idempotency", new Uint8Array(32)], {});

    await plant(kv);

    const found = (await verifyRows(kv)).map((violation) =>
      violation.replaceAll(old!, "OLD").replace(/[0-9a-f]{20}/, "NEW")
    );
    assertEquals(found, expected);
  });
}
