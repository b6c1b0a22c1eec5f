import { assertEquals } from "@std/assert";
import { typesOf } from "../../../routes/resource/object_schema.ts";

const TYPES: [schema: Record<string, unknown>, types: string[]][] = [
  [{ type: "string" }, ["string"]],
  [{ type: ["string", "null"] }, ["string", "null"]],
  [{ enum: ["a", "b", null, 1] }, ["string", "null", "number"]],
  [{ const: true }, ["boolean"]],
  [{ anyOf: [{ type: "string" }, { oneOf: [{ const: null }] }] }, [
    "string",
    "null",
  ]],
  [{}, []],
];

for (const [schema, types] of TYPES) {
  Deno.test(`typesOf() reads ${JSON.stringify(schema)}`, () => {
    assertEquals(typesOf(schema), types);
  });
}
