import { assertEquals, assertThrows } from "@std/assert";
import { adapt, placeOf, type Shape } from "../../create/scaffold.ts";

const DEFAULT = { name: "my-api" };
const BARE = { name: "my-api", bare: true };
const TESTS = { name: "my-api", tests: true };
const OFFLINE = { name: "my-api", offline: true };

const PLACES: [path: string, shape: Shape, place: string | undefined][] = [
  ["main.ts", DEFAULT, "main.ts"],
  ["http/problem.ts", BARE, "http/problem.ts"],
  ["a-new-folder/file.ts", DEFAULT, "a-new-folder/file.ts"],
  ["template/create/README.md", DEFAULT, "README.md"],
  ["template/create/ci.yml", DEFAULT, ".github/workflows/ci.yml"],
  ["README.md", DEFAULT, undefined],
  [".github/workflows/ci.yml", DEFAULT, undefined],
  [".ci/run", DEFAULT, undefined],
  ["docs/onion.svg", DEFAULT, undefined],
  ["template/decisions/0001-the-standard-library-only.md", DEFAULT, undefined],
  ["template/std/assert/mod.ts", DEFAULT, undefined],
  ["template/std/assert/mod.ts", OFFLINE, "std/assert/mod.ts"],
  ["template/std/assert/tests/equal_test.ts", OFFLINE, undefined],
  ["template/create.ts", OFFLINE, undefined],
  ["routes/tasks.ts", DEFAULT, "routes/tasks.ts"],
  ["routes/tasks.ts", BARE, undefined],
  ["docs/guides/add-a-field.md", BARE, undefined],
  ["docs/guides/add-a-layer.md", BARE, "docs/guides/add-a-layer.md"],
  ["tests/app.ts", DEFAULT, "tests/app.ts"],
  ["tests/http/etag_test.ts", DEFAULT, undefined],
  ["tests/http/etag_test.ts", TESTS, "tests/http/etag_test.ts"],
  ["template/tests/create_test.ts", TESTS, undefined],
];

for (const [path, shape, place] of PLACES) {
  Deno.test(`placeOf() puts ${path} of ${JSON.stringify(shape)} at ${place}`, () => {
    assertEquals(placeOf(path, shape), place);
  });
}

Deno.test("adapt() writes a deno.json without what is about the template", () => {
  const template = JSON.stringify({
    name: "@tasks/api",
    version: "3.2.1",
    license: "MIT",
    exports: { ".": "./main.ts", "./create": "./template/create.ts" },
    workspace: ["./template/std/*"],
    imports: { "@std/assert": "jsr:@std/assert@^1" },
    tasks: {
      dev: { command: "deno run main.ts" },
      ok: { command: "deno doc --lint template/*.ts" },
      seed: { command: "deno run template/seed.ts" },
      bench: { command: "deno bench template/bench" },
    },
    coverage: { thresholds: { lines: 100 } },
  });
  const [full, bare, offline] = [DEFAULT, BARE, OFFLINE].map((shape) =>
    JSON.parse(adapt("deno.json", template, shape, {})!)
  );

  assertEquals(Object.keys(full), [
    "name",
    "version",
    "exports",
    "imports",
    "tasks",
    "exclude",
  ]);
  assertEquals(full.name, "my-api");
  assertEquals(full.exports, "./main.ts");
  assertEquals(Object.keys(full.tasks), ["dev", "ok"]);
  assertEquals(Object.keys(bare.tasks), ["dev", "ok"]);
  assertEquals(offline.workspace, ["./std/*"]);
});

Deno.test("adapt() shortens the imports that publishing wrote out", () => {
  const imports = { "@std/http": "jsr:@std/http@^1.1.2" };
  const text = 'import { ifMatch } from "jsr:@std/http@^1.1.2/etag";';

  assertEquals(
    adapt("http/etag.ts", text, DEFAULT, imports),
    'import { ifMatch } from "@std/http/etag";',
  );
});

Deno.test("adapt() selects the parts of a page that are for the shape", () => {
  const page = `a

<!-- tasks -->

b

<!-- /tasks -->
<!-- bare -->

c

<!-- /bare -->

d
`;
  assertEquals(adapt("README.md", page, DEFAULT, {}), "a\n\nb\n\nd\n");
  assertEquals(adapt("README.md", page, BARE, {}), "a\n\nc\n\nd\n");
});

Deno.test("adapt() leaves the tests of tasks out of a bare project", () => {
  assertEquals(adapt("tests/a_test.ts", 'get("/tasks")', BARE, {}), undefined);
  assertEquals(
    adapt("tests/a_test.ts", 'get("/ping")', BARE, {}),
    'get("/ping")',
  );
  const file = 'const DEFAULT = "data/tasks.sqlite3";';
  assertEquals(
    adapt("tests/a_test.ts", file, BARE, {}),
    'const DEFAULT = "data/store.sqlite3";',
  );
});

for (
  const [text, expected] of [
    ['get("/tasks/:id") // taskId', 'get("/notes/:id") // noteId'],
    ["Title of a Task", "Title of a Note"],
    ["`deno task ok`, `deno\ntask dev`", "`deno task ok`, `deno\ntask dev`"],
    ["npx --yes deno@2.9.6 task dev", "npx --yes deno@2.9.6 task dev"],
    ["the Task Manager API template", "the Task Manager API template"],
  ] as const
) {
  Deno.test(`adapt() writes ${JSON.stringify(expected)} in a bare project`, () => {
    assertEquals(adapt("http/a.ts", text, BARE, {}), expected);
    assertEquals(adapt("http/a.ts", text, DEFAULT, {}), text);
  });
}

const MAIN = `import { resource } from "./routes/resource.ts";
import { tasks } from "./routes/tasks.ts";

export const RESOURCES: readonly Resource[] = [tasks];
`;

Deno.test("adapt() keeps a name that is about tasks", () => {
  const shape = { name: "my-tasks", bare: true };

  assertEquals(
    adapt("tests/a_test.ts", '"tasks-api"', shape, {}),
    '"my-tasks"',
  );
});

Deno.test("adapt() removes the example from main.ts of a bare project", () => {
  assertEquals(adapt("main.ts", MAIN, DEFAULT, {}), MAIN);
  assertEquals(
    adapt("main.ts", MAIN, BARE, {}),
    `import { resource } from "./routes/resource.ts";

export const RESOURCES: readonly Resource[] = [];
`,
  );
});

Deno.test("adapt() reports a main.ts without the two lines of the example", () => {
  assertThrows(
    () => adapt("main.ts", MAIN.replace("[tasks]", "[users]"), BARE, {}),
    Error,
    "Cannot remove the example: its two lines in main.ts are not as expected",
  );
});
