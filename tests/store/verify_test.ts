import { assertEquals } from "@std/assert";
import { layoutOf } from "../../store/layout.ts";
import { verify } from "./verify.ts";
import { creationOf, taskOf, writeAll } from "./writes.ts";

const TASKS = { name: "tasks", indexes: ["done", "dueOn"] };
const LAYOUT = layoutOf(TASKS);
const { log: LOG, rev: REV, space: SPACE } = LAYOUT;
const TASK = taskOf();
const [ROW, DONE, DUE] = LAYOUT.keysOf({ ...TASK }) as [
  Deno.KvKey,
  Deno.KvKey,
  Deno.KvKey,
];

type Plant = (kv: Deno.Kv) => Promise<unknown>;

const VIOLATIONS: Record<string, [Plant, string[]]> = {
  "nothing": [() => Promise.resolve(), []],
  "copies of another version": [
    (kv) => kv.atomic().set(DONE, TASK).set(DUE, TASK).commit(),
    [],
  ],
  "copies that differ": [
    (kv) =>
      kv.atomic().set(DONE, { ...TASK, title: "Read" })
        .set(DUE, { ...TASK, done: true }).commit(),
    [
      'Row "done/false/7" differs from its value',
      'Row "dueOn/[]/7" differs from its value',
    ],
  ],
  "a value that is newer than its copies": [
    (kv) => kv.set(ROW, { ...TASK, title: "Read" }),
    [
      'Row "done/false/7" differs from its value',
      'Row "dueOn/[]/7" differs from its value',
    ],
  ],
  "a missing copy": [
    (kv) => kv.delete(DUE),
    ['Row "dueOn/[]/7" is missing'],
  ],
  "a missing value": [
    (kv) => kv.delete(ROW),
    [
      'Row "done/false/7" is a copy of no value',
      'Row "dueOn/[]/7" is a copy of no value',
    ],
  ],
  "a copy at a second place": [
    (kv) => kv.set([...SPACE, "done", true, "7"], TASK),
    ['Row "done/true/7" is a copy of no value'],
  ],
  "a copy that looks like another one as text": [
    (kv) => kv.set([...SPACE, "dueOn", "", "7"], TASK),
    ['Row "dueOn//7" is a copy of no value'],
  ],
  "a row of another kind": [
    (kv) => kv.set([...SPACE, "what", 7], null),
    ['Row "what/7" is of no known kind'],
  ],
  "a row of another name": [
    (kv) => kv.set([...SPACE, "toString"], null),
    ['Row "toString" is of no known kind'],
  ],
  "a log that continues": [
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
  Deno.test(`verify() finds ${name}`, async () => {
    using kv = await Deno.openKv(":memory:");
    const [old] = await writeAll(kv, [creationOf(TASK, LAYOUT)]);
    await kv.set([...SPACE, "idempotency", new Uint8Array(32)], {});

    await plant(kv);

    const found = (await verify(kv, TASKS)).map((violation) =>
      violation.replaceAll(old!, "OLD").replace(/[0-9a-f]{20}/, "NEW")
    );
    assertEquals(found, expected);
  });
}
