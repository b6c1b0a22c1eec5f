import { assertEquals } from "@std/assert";
import { orderOf, typesOf } from "../../../routes/resource/object_schema.ts";

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

const ORDERS: [schema: Record<string, unknown>, order: string | undefined][] = [
  [{ type: "number" }, "value"],
  [{ type: "integer", format: "int32" }, "value"],
  [{ type: ["integer", "null"] }, "value"],
  [{ anyOf: [{ type: "number" }, { type: "integer" }] }, "value"],
  [{ type: "string", format: "date" }, "value"],
  [{ type: ["string", "null"], format: "date-time" }, "time"],
  [
    { anyOf: [{ type: "string", format: "date-time" }, { type: "null" }] },
    "time",
  ],
  [{ type: "string" }, undefined],
  [{ type: "string", format: "email" }, undefined],
  [{ type: "boolean" }, undefined],
  [{ type: "null" }, undefined],
  [{ enum: ["low", "high"] }, undefined],
  [{ anyOf: [{ type: "number" }, { type: "boolean" }] }, undefined],
  [{}, undefined],
];

for (const [schema, order] of ORDERS) {
  Deno.test(`orderOf() reads ${JSON.stringify(schema)}`, () => {
    assertEquals(orderOf(schema), order);
  });
}
