import { assert, assertEquals, assertGreater } from "@std/assert";
import { Problem } from "../../../http/problem.ts";
import { openApi } from "../../../routes/docs/openapi.ts";
import { mergePatch, parseBody } from "../../../routes/resource/body.ts";
import { resourceSchemas } from "../../../routes/docs/resource_schemas.ts";
import { resource, resourceRoutes } from "../../../routes/resource.ts";
import { tasks } from "../../../routes/tasks.ts";
import { fits } from "../../json_schema.ts";
import { generateBodies } from "../../task_bodies.ts";

const ROUTES = resourceRoutes(tasks, {} as never, {
  stopping: new AbortController().signal,
});
const DOCUMENT = openApi({
  name: "tasks-api",
  version: "2.1",
  routes: ROUTES,
  resources: [tasks],
})();

const STORED = {
  id: "01JD4Z3W6Q8R9TB2CVN5XKYM7P",
  title: "Write",
  description: "x",
  priority: "high",
  done: true,
  dueOn: "2026-02-28",
  createdAt: "2026-02-27T08:15:30.123Z",
  updatedAt: "2026-02-27T08:15:30.123Z",
};

const BODIES: Record<string, (body: unknown) => Promise<unknown>> = {
  TaskInput: (body) => parseBody(tasks, body, "create"),
  TaskPatch: (body) => mergePatch(tasks, STORED, body),
};

for (const [schema, parse] of Object.entries(BODIES)) {
  Deno.test(`the schema ${schema} accepts what the API accepts`, async () => {
    const wanted = { $ref: `#/components/schemas/${schema}` };
    const accepted = { true: 0, false: 0 };

    for (const body of generateBodies(20_260_228, 4000)) {
      const isParsed = await isAccepted(parse, structuredClone(body));
      assertEquals(
        fits(DOCUMENT, wanted, body),
        isParsed,
        JSON.stringify(body),
      );
      accepted[`${isParsed}`]++;
    }

    // A test in which everything is accepted or rejected would prove nothing.
    assertGreater(accepted.true, 400);
    assertGreater(accepted.false, 400);
  });
}

Deno.test("a page has no more items than limit allows", () => {
  const page = { items: Array(100).fill(STORED), next: null, nextCursor: null };
  const wanted = { $ref: "#/components/schemas/TaskPage" };

  assert(fits(DOCUMENT, wanted, page));
  page.items.push(STORED);
  assert(!fits(DOCUMENT, wanted, page));
});

async function isAccepted(
  parse: (body: unknown) => Promise<unknown>,
  body: unknown,
): Promise<boolean> {
  try {
    await parse(body);
    return true;
  } catch (error) {
    assert(error instanceof Problem, String(error));
    return false;
  }
}

/** Describes a resource with fields as another library may write them. */
function schemasOf(
  properties: Record<string, object>,
  required: string[] = [],
): Record<string, Record<string, unknown>> {
  const write = () => ({ type: "object", properties, required });
  const jsonSchema = { input: write, output: write };
  const validate = (value: unknown) => ({ value: value as object });
  const schemas = resourceSchemas(resource({
    name: "notes",
    title: "Note",
    description: "Short texts.",
    schema: {
      "~standard": { version: 1, vendor: "test", validate, jsonSchema },
    },
  }));
  return schemas as Record<string, Record<string, unknown>>;
}

const SCHEMAS: [what: string, schema: object, written: object][] = [
  ["a default moves into the description", {
    type: "string",
    description: "Text.",
    default: "",
  }, { type: "string", description: 'Text. Default: `""`.', examples: [""] }],
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
  Deno.test(`resourceSchemas(): ${what}`, () => {
    const { Note, NoteInput } = schemasOf({ field: schema });

    for (const { properties } of [Note!, NoteInput!]) {
      assertEquals((properties as Record<string, unknown>)["field"], written);
    }
  });
}

Deno.test("resourceSchemas() writes a patch that requires nothing, and takes null where there is a default", () => {
  const { NotePatch } = schemasOf({
    title: { type: "string" },
    level: { enum: ["low"] },
    kind: { const: "a" },
    dueOn: { type: ["string", "null"] },
    either: { anyOf: [{ type: "string" }, { type: "number" }] },
    map: { type: "object", additionalProperties: { type: "string" } },
    parts: {
      type: "object",
      required: ["a"],
      properties: { a: { type: "string" }, b: { type: "boolean" } },
    },
  }, ["title", "map", "parts"]);

  const { required, properties } = NotePatch!;
  assertEquals(required, undefined);
  assertEquals<unknown>(properties, {
    title: { type: "string" },
    level: { type: ["string", "null"], enum: ["low", null] },
    kind: { anyOf: [{ type: "string", const: "a" }, { type: "null" }] },
    dueOn: { type: ["string", "null"] },
    either: {
      anyOf: [
        { anyOf: [{ type: "string" }, { type: "number" }] },
        { type: "null" },
      ],
    },
    map: {
      type: "object",
      additionalProperties: { type: "string" },
      properties: {},
    },
    parts: {
      type: "object",
      properties: { a: { type: "string" }, b: { type: ["boolean", "null"] } },
    },
  });
});
