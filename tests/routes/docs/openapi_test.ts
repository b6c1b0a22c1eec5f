import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { PROBLEM_TYPES } from "../../../http/problem_types.ts";
import { openApi } from "../../../routes/docs/openapi.ts";
import type { Route } from "../../../routes/router.ts";
import { object, string } from "../../../http/schema.ts";
import { type Resource, resource } from "../../../routes/resource.ts";
import { tasks } from "../../../routes/tasks.ts";
import { openApp } from "../../app.ts";
import { fits, resolve } from "../../json_schema.ts";

const JSON_DOCUMENT = await documentOf([tasks]);

// deno-lint-ignore no-explicit-any -- it is walked as the JSON that clients get
async function documentOf(resources: readonly Resource[]): Promise<any> {
  await using app = await openApp({}, resources);
  const routes = app.routes as Route[];
  const about = { name: "tasks-api", version: "2.1", routes, resources };
  return JSON.parse(JSON.stringify(openApi(about)()));
}

/** Every object in the document that has a member of this name. */
// deno-lint-ignore no-explicit-any
function* having(name: string, node = JSON_DOCUMENT): Generator<any> {
  if (typeof node !== "object" || node === null) return;
  if (Object.hasOwn(node, name)) yield node;
  for (const child of Object.values(node)) yield* having(name, child);
}

Deno.test("openApi() has no dangling reference", () => {
  const references = [...having("$ref")];

  for (const { $ref } of references) assert(resolve(JSON_DOCUMENT, $ref));
  assertGreater(references.length, 100);
});

for (const resources of [[tasks], []]) {
  Deno.test(`openApi() has no component that nothing refers to, with ${resources.length} resource(s)`, async () => {
    const document = await documentOf(resources);
    const used = new Set(
      [...having("$ref", document)].map(({ $ref }) => $ref),
    );
    const { securitySchemes: _, ...components } = document.components;

    const unused = Object.entries(components).flatMap(([kind, named]) =>
      Object.keys(named as object).map((name) => `#/components/${kind}/${name}`)
        .filter((pointer) => !used.has(pointer))
    );

    assertEquals(unused, []);
  });
}

Deno.test("openApi() has no default, and a type beside each enum and const", () => {
  const values = [...having("enum"), ...having("const")];

  assertEquals([...having("default")], []);
  assertEquals(values.filter(({ type }) => type === undefined), []);
  assertGreater(values.length, 3);
});

for (
  const [contact, described] of [
    ["https://example.com/help", { url: "https://example.com/help" }],
    ["kim@example.com", { email: "kim@example.com" }],
    [undefined, undefined],
  ] as const
) {
  Deno.test(`openApi() has the contact ${contact}`, () => {
    const about = { name: "tasks-api", version: "2.1", contact };

    const { info } = openApi({ ...about, routes: [], resources: [] })();

    assertEquals((info as { contact?: unknown }).contact, described);
  });
}

Deno.test("openApi() describes the data of the event deleted", () => {
  const deleted = { $ref: "#/components/schemas/TaskDeleted" };

  assert(fits(JSON_DOCUMENT, deleted, { id: "01JD4Z3W6Q8R9TB2CVN5XKYM7P" }));
  assert(!fits(JSON_DOCUMENT, deleted, {}));
});

Deno.test("openApi() describes each schema", () => {
  const silent = Object.entries(JSON_DOCUMENT.components.schemas)
    .filter(([, schema]) => !(schema as { description?: string }).description)
    .map(([name]) => name);

  assertEquals(silent, []);
});

Deno.test("openApi() takes X-Request-Id at every path", () => {
  for (
    const { parameters } of Object.values<{ parameters: unknown }>(
      JSON_DOCUMENT.paths,
    )
  ) {
    assertEquals(parameters, [{ $ref: "#/components/parameters/RequestId" }]);
  }
});

Deno.test("openApi() has 503 wherever the server can stop before it responds", () => {
  for (const { operationId, responses } of having("operationId")) {
    const content = responses[503]?.content["application/problem+json"];
    assert("unavailable" in (content?.examples ?? {}), operationId);
  }
});

Deno.test("openApi() lists in each 415 the headers with the accepted types", () => {
  const { post } = JSON_DOCUMENT.paths["/tasks"];
  const { patch } = JSON_DOCUMENT.paths["/tasks/{id}"];

  const [posted, patched] = [post, patch].map(({ responses }) =>
    Object.keys(responses[415].headers).filter((name) => /^Accept/.test(name))
  );

  assertEquals(posted, ["Accept-Post", "Accept-Encoding"]);
  assertEquals(patched, ["Accept-Patch", "Accept-Encoding"]);
});

Deno.test("openApi() names each operation once, and its path parameters", () => {
  const ids = [...having("operationId")].map(({ operationId }) => operationId);
  assertEquals(ids, [...new Set(ids)]);

  for (const [path, item] of Object.entries(JSON_DOCUMENT.paths)) {
    for (const { tags, parameters = [] } of Object.values(item as object)) {
      if (tags === undefined) continue; // It is what they have in common.
      const inPath = parameters
        .map((part: { $ref?: string }) =>
          part.$ref ? resolve(JSON_DOCUMENT, part.$ref) : part
        )
        .filter((parameter: { in: string }) => parameter.in === "path")
        .map(({ name }: { name: string }) => `{${name}}`);
      assertEquals(path.match(/\{\w+\}/g) ?? [], inPath);
    }
  }
});

Deno.test("openApi() has examples that fit their schemas", () => {
  let count = 0;
  for (const { schema, examples } of having("examples")) {
    if (schema === undefined) continue;
    for (const example of Object.values<Record<string, unknown>>(examples)) {
      const { value } = typeof example["$ref"] === "string"
        ? resolve(JSON_DOCUMENT, example["$ref"])
        : example;
      assert(fits(JSON_DOCUMENT, schema, value), JSON.stringify(value));
      count++;
    }
  }
  for (const { examples, ...schema } of having("examples")) {
    if (!Array.isArray(examples)) continue;
    for (const example of examples) {
      assert(fits(JSON_DOCUMENT, schema, example), JSON.stringify(example));
      count++;
    }
  }
  for (const { schema, example } of having("example")) {
    assert(fits(JSON_DOCUMENT, schema, example), JSON.stringify(example));
    count++;
  }
  assertGreater(count, Object.keys(PROBLEM_TYPES).length);
});

Deno.test("fits() passes over no keyword, and resolve() over no reference", () => {
  assertThrows(() => fits({}, { uniqueItems: true }, []), Error, "uniqueItems");
  assertThrows(() => resolve({}, "#/nowhere"), Error, "Nothing is at");
  const either = { anyOf: [{ const: 1 }, { const: 2 }] };
  assertEquals([1, 2, 3].map((value) => fits({}, either, value)), [
    true,
    true,
    false,
  ]);
});

/** What another resource, or the API itself, calls its schemas, too. */
const TITLES: [title: string, schema: string][] = [
  ["Task", "Task"],
  ["task-input", "TaskInput"],
  ["Problem", "Problem"],
];

for (const [title, schema] of TITLES) {
  Deno.test(`no app starts with a schema of two meanings: ${title}`, async () => {
    const jobs = resource({
      name: "jobs",
      title,
      description: "What to do.",
      schema: object({ text: string() }),
    });

    await assertRejects(
      () => openApp({}, [tasks, jobs]),
      TypeError,
      `Cannot describe jobs: there is another schema "${schema}", so change the title`,
    );
  });
}
