import { assertEquals } from "@std/assert";
import {
  documentSchema,
  patchSchema,
} from "../../../routes/docs/document_schema.ts";

const SCHEMAS: [what: string, schema: object, written: object][] = [
  ["a default moves into the description", {
    type: "string",
    description: "Text.",
    default: "",
  }, { type: "string", description: 'Text. Default: `""`.' }],
  ["a default of null is a default", {
    type: ["string", "null"],
    default: null,
  }, {
    type: ["string", "null"],
    description: "Default: `null`.",
  }],
  ["an enum gets its type", { enum: [1, 2] }, { type: "number", enum: [1, 2] }],
  ["an enum of two types gets both", { enum: ["a", null] }, {
    type: ["string", "null"],
    enum: ["a", null],
  }],
  ["a const gets its type", { const: "a" }, { type: "string", const: "a" }],
  ["a const flag is any flag", { const: true }, { type: "boolean" }],
  ["a tuple ends by its length", {
    type: "array",
    prefixItems: [{ type: "string" }],
    items: false,
    maxItems: 1,
  }, { type: "array", prefixItems: [{ type: "string" }], maxItems: 1 }],
  ["$schema is left out", { $schema: "x", type: "null" }, { type: "null" }],
  ["branches and items are rewritten", {
    anyOf: [{ enum: ["a"] }, { type: "array", items: { const: 1 } }],
  }, {
    anyOf: [
      { type: "string", enum: ["a"] },
      { type: "array", items: { type: "number", const: 1 } },
    ],
  }],
  ["additionalProperties may be a boolean", { additionalProperties: false }, {
    additionalProperties: false,
  }],
];

for (const [what, schema, written] of SCHEMAS) {
  Deno.test(`documentSchema(): ${what}`, () => {
    assertEquals<unknown>(
      documentSchema(schema as Record<string, unknown>),
      written,
    );
  });
}

Deno.test("patchSchema() requires nothing, and accepts null where there is a default", () => {
  const { properties, required } = patchSchema({
    type: "object",
    required: ["title", "parts"],
    properties: {
      title: { type: "string" },
      level: { type: "string", enum: ["low"] },
      dueOn: { type: ["string", "null"] },
      either: { anyOf: [{ type: "string" }, { type: "number" }] },
      parts: {
        type: "object",
        required: ["a"],
        properties: { a: { type: "string" }, b: { type: "boolean" } },
      },
    },
  });

  assertEquals(required, undefined);
  assertEquals<unknown>(properties, {
    title: { type: "string" },
    level: { type: ["string", "null"], enum: ["low", null] },
    dueOn: { type: ["string", "null"] },
    either: {
      anyOf: [
        { anyOf: [{ type: "string" }, { type: "number" }] },
        { type: "null" },
      ],
    },
    parts: {
      type: "object",
      properties: { a: { type: "string" }, b: { type: ["boolean", "null"] } },
    },
  });
});

Deno.test("patchSchema() accepts an object with any members", () => {
  const map = { type: "object", additionalProperties: { type: "number" } };

  const { properties } = patchSchema({ type: "object", properties: { map } });

  assertEquals<unknown>(properties, {
    map: { ...map, type: ["object", "null"], properties: {} },
  });
});
