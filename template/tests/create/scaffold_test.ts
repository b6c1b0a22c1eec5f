import { assertEquals, assertThrows } from "@std/assert";
import { adapt, placeOf } from "../../create/scaffold.ts";

const FULL = { name: "my-api" };
const BARE = { name: "my-api", bare: true };
const OFFLINE = { name: "my-api", offline: true };

for (
  const [path, shape, place] of [
    ["main.ts", FULL, "main.ts"],
    ["http/problem.ts", BARE, "http/problem.ts"],
    ["template/create/README.md", FULL, "README.md"],
    ["template/create/ci.yml", FULL, ".github/workflows/ci.yml"],
    ["template/std/assert/mod.ts", FULL, undefined],
    ["template/std/assert/mod.ts", OFFLINE, "std/assert/mod.ts"],
    ["template/std/assert/tests/equal_test.ts", OFFLINE, undefined],
    ["routes/tasks/task.ts", FULL, "routes/tasks/task.ts"],
    ["routes/tasks/task.ts", BARE, undefined],
    ["server/seed.ts", BARE, undefined],
    ["docs/guides/add-a-field.md", BARE, undefined],
    ["docs/guides/add-a-layer.md", BARE, "docs/guides/add-a-layer.md"],
    ["template/decisions/0001-the-standard-library-only.md", FULL, undefined],
    ["template/tests/create_test.ts", FULL, undefined],
    ["template/tests/chaos/kill.ts", FULL, undefined],
    ["README.md", FULL, undefined],
    ["LICENSE", BARE, "LICENSE"],
    [".env", FULL, undefined],
  ] as const
) {
  Deno.test(`placeOf() puts ${path} of ${JSON.stringify(shape)} at ${place}`, () => {
    assertEquals(placeOf(path, shape), place);
  });
}

Deno.test("adapt() writes a deno.json without what is ours", () => {
  const ours = {
    name: "@tasks/api",
    version: "3.2.1",
    license: "MIT",
    exports: { ".": "./main.ts", "./create": "./template/create.ts" },
    workspace: ["./template/std/*"],
    imports: { "@std/assert": "jsr:@std/assert@^1" },
    tasks: { dev: "a", seed: "b", bench: "c", ok: "d" },
    coverage: { thresholds: { lines: 100 } },
  };
  const text = JSON.stringify(ours);
  const [full, bare, offline] = [FULL, BARE, OFFLINE].map((shape) =>
    JSON.parse(adapt("deno.json", text, shape, {})!)
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
  assertEquals(Object.keys(full.tasks), ["dev", "ok", "seed"]);
  assertEquals(Object.keys(bare.tasks), ["dev", "ok"]);
  assertEquals(offline.workspace, ["./std/*"]);
});

Deno.test("adapt() shortens the imports that publishing wrote out", () => {
  const imports = { "@std/http": "jsr:@std/http@^1.1.2" };
  const text = 'import { ifMatch } from "jsr:@std/http@^1.1.2/etag";';

  assertEquals(
    adapt("http/etag.ts", text, FULL, imports),
    'import { ifMatch } from "@std/http/etag";',
  );
});

Deno.test("adapt() keeps the parts of a page that are for the shape", () => {
  const page = `a

<!-- tasks -->

b

<!-- /tasks -->
<!-- bare -->

c

<!-- /bare -->

d
`;
  assertEquals(
    adapt("template/create/README.md", page, FULL, {}),
    "a\n\nb\n\nd\n",
  );
  assertEquals(
    adapt("template/create/README.md", page, BARE, {}),
    "a\n\nc\n\nd\n",
  );
});

for (
  const [path, text, stays] of [
    ["tests/a_test.ts", 'import "./app.ts"; fetch("/tasks")', false],
    ["tests/a_test.ts", 'import "./app.ts"; fetch("/ping")', true],
    ["tests/a_test.ts", 'fetch("/tasks")', true],
    ["tests/a_test.ts", 'import "../routes/tasks/task.ts";', false],
    ["http/a.ts", 'import "./app.ts"; fetch("/tasks")', true],
  ] as const
) {
  Deno.test(`adapt() ${stays ? "keeps" : "leaves out"} ${path} with ${text} in a bare project`, () => {
    assertEquals(adapt(path, text, BARE, {}) !== undefined, stays);
  });
}

Deno.test("adapt() says where main.ts is not as it was", () => {
  assertThrows(
    () => adapt("main.ts", "", BARE, {}),
    Error,
    "main.ts has changed, and its imports cannot be found",
  );
});
