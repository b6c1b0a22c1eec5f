import { assertEquals, assertThrows } from "@std/assert";
import {
  dateTime,
  integer,
  nullable,
  object,
  string,
} from "../../../http/schema.ts";
import { resource, typesOf } from "../../../routes/resource/declaration.ts";
import { tasks } from "../../../routes/tasks.ts";

const text = string({ min: 1, max: 500 });

const WRONG = {
  name: "Bad notes",
  title: "Заметка",
  description: "",
  schema: object({
    id: text,
    limit: text,
    rank: integer(),
    rankTo: text,
    parts: object({ a: text }),
  }),
  indexes: ["limit", "parts", "nope", "rank", "rankTo"] as never[],
};

Deno.test("resource() reports every mistake of a declaration", () => {
  assertThrows(
    () => resource(WRONG),
    TypeError,
    `Cannot declare the resource "Bad notes":
  name must be lower-case letters, digits and hyphens
  title must begin with a letter from A to Z: it names schemas in OpenAPI
  schema has "id": the store sets it
  indexes has "limit": a parameter has this name
  indexes has "parts": use a string, number or boolean
  indexes has "nope": use a field of the schema
  indexes has "rankTo": a parameter has this name`,
  );
});

Deno.test("resource() rejects a schema that is no object", () => {
  const declaration = { ...WRONG, name: "notes", indexes: [] };

  assertThrows(
    () => resource({ ...declaration, schema: text as never }),
    TypeError,
    "schema must be an object with fields",
  );
});

Deno.test("resource() rejects a schema that cannot write itself as JSON Schema", () => {
  const { validate } = text["~standard"];
  const schema = { "~standard": { version: 1, vendor: "old", validate } };

  assertThrows(
    () => resource({ ...WRONG, name: "notes", schema: schema as never }),
    TypeError,
    'Cannot declare the resource "notes": its schema does not implement Standard JSON Schema',
  );
});

Deno.test("resource() finds the indexes whose values have an order", () => {
  const { ordered, times } = resource({
    name: "notes",
    title: "Note",
    description: "",
    schema: object({ text, rank: integer(), at: nullable(dateTime()) }),
    indexes: ["at", "text", "rank"],
  });

  assertEquals([ordered, times], [["at", "rank"], ["at"]]);
});

Deno.test("resource() reads the defaults from the schema", () => {
  assertEquals(tasks.defaults, {
    description: "",
    priority: "medium",
    done: false,
    dueOn: null,
  });
});

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
  Deno.test(`resource() reads the order of ${JSON.stringify(schema)}`, () => {
    const write = () => ({ type: "object", properties: { field: schema } });
    const jsonSchema = { input: write, output: write };
    const validate = () => ({ value: { field: 1 } });
    const { ordered, times } = resource({
      name: "notes",
      title: "Note",
      description: "",
      schema: {
        "~standard": { version: 1, vendor: "test", validate, jsonSchema },
      },
      indexes: ["field"],
    });

    assertEquals(ordered, order ? ["field"] : []);
    assertEquals(times, order === "time" ? ["field"] : []);
  });
}
