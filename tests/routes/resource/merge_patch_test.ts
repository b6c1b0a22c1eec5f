import { assertEquals, assertRejects } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { nullable, number, object, string } from "../../../http/schema.ts";
import { resource } from "../../../routes/resource.ts";
import { mergePatch } from "../../../routes/resource/merge_patch.ts";

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
