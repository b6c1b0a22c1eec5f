import { assertEquals, assertRejects } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { nullable, number, object, string } from "../../../http/schema.ts";
import { mergePatch, parseBody } from "../../../routes/resource/body.ts";
import { type Resource, resource } from "../../../routes/resource.ts";
import { tasks } from "../../../routes/tasks.ts";

Deno.test("parseBody() says how many fields are not valid", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`m${index}`, 1]),
  );
  const DETAILS: [body: unknown, detail: string][] = [
    [null, "Cannot create the task: the body is not valid"],
    [{}, "Cannot create the task: 1 field is not valid"],
    [{ a: 1 }, "Cannot create the task: 2 fields are not valid"],
    [many, "Cannot create the task: 100 fields or more are not valid"],
  ];

  for (const [body, detail] of DETAILS) {
    await assertRejects(
      () => parseBody(tasks, body, "create"),
      Problem,
      detail,
    );
  }
});

Deno.test("parseBody() cuts what a client or a library makes long", async () => {
  const issue = { message: "x".repeat(5000), path: ["n".repeat(5000)] };
  const schema = {
    "~standard": {
      ...tasks.schema["~standard"],
      validate: () => ({ issues: Array(500).fill(issue) }),
    },
  };
  const wordy: Resource = { ...tasks, schema };

  const { errors } = await assertRejects(
    () => parseBody(wordy, {}, "change"),
    Problem,
  );

  assertEquals(errors.length, 100);
  assertEquals(errors[0]!.detail.length, 256);
  assertEquals(errors[0]!.pointer, `#/${"n".repeat(256)}`);
});

Deno.test("parseBody() reads paths of both forms", async () => {
  const path = ["a/b", { key: "c~d" }, 0];
  const validate = () => Promise.resolve({ issues: [{ message: "x", path }] });
  const schema = { "~standard": { ...tasks.schema["~standard"], validate } };

  const { errors } = await assertRejects(
    () => parseBody({ ...tasks, schema } as Resource, {}, "create"),
    Problem,
  );

  assertEquals(errors, [{ pointer: "#/a~1b/c~0d/0", detail: "x" }]);
});

const things = resource({
  name: "things",
  title: "Thing",
  description: "",
  schema: object({
    name: string(),
    note: string({ default: "none" }),
    size: object({
      width: number(),
      height: number({ default: 1 }),
      unit: nullable(string(), { default: null }),
    }, { default: { width: 1, height: 1, unit: null } }),
  }),
});

const SIZE = { width: 2, height: 3, unit: "cm" };
const STORED = { id: "1", name: "a", note: "b", size: SIZE, createdAt: "" };

// The examples of RFC 7396, appendix A, as far as this schema has such fields.
const MERGED: [patch: unknown, changed: object][] = [
  [{ name: "c" }, { name: "c" }],
  [{ note: null }, { note: "none" }],
  [{ note: "" }, { note: "" }],
  [{ size: { width: 9 } }, { size: { ...SIZE, width: 9 } }],
  [{ size: { height: null, unit: null } }, {
    size: { width: 2, height: 1, unit: null },
  }],
  [{ size: null }, { size: { width: 1, height: 1, unit: null } }],
];

for (const [patch, changed] of MERGED) {
  Deno.test(`mergePatch() with ${JSON.stringify(patch)}`, async () => {
    const { name, note, size } = STORED;

    assertEquals<unknown>(await mergePatch(things, STORED, patch), {
      name,
      note,
      size,
      ...changed,
    });
  });
}

const REJECTED: [patch: string, pointer: string][] = [
  ["[]", "#"],
  ["null", "#"],
  ['{"name":null}', "#/name"],
  ['{"size":{"width":null}}', "#/size/width"],
  ['{"size":[]}', "#/size"],
  ['{"color":null}', "#/color"],
  ['{"id":null}', "#/id"],
  ['{"__proto__":null}', "#/__proto__"],
  ['{"__proto__":{"name":"x"}}', "#/__proto__"],
  ['{"size":{"__proto__":{"width":1}}}', "#/size/__proto__"],
  ['{"constructor":1}', "#/constructor"],
];

for (const [patch, pointer] of REJECTED) {
  Deno.test(`mergePatch() rejects ${patch} at ${pointer}`, async () => {
    const { errors } = await assertRejects(
      () => mergePatch(things, STORED, JSON.parse(patch)),
      Problem,
    );

    assertEquals(errors.map(({ pointer }) => pointer), [pointer]);
  });
}

Deno.test("mergePatch() returns undefined for an empty patch", async () => {
  assertEquals(await mergePatch(things, STORED, {}), undefined);
});

Deno.test("mergePatch() leaves out fields that the schema has no more", async () => {
  const old = { ...STORED, color: "red" };

  assertEquals(Object.keys((await mergePatch(things, old, { name: "c" }))!), [
    "name",
    "note",
    "size",
  ]);
});
