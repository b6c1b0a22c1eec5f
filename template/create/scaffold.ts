/**
 * Decides what a new project gets from the template, and how each file differs there.
 *
 * It reads and writes no file: `create.ts` does.
 *
 * @module
 */

/** What a new project consists of. */
export interface Shape {
  /** Name of the package and of the app. */
  name: string;
  /**
   * Leaves the example out: the resource `tasks`.
   *
   * @default {false}
   */
  bare?: boolean;
  /**
   * Adds every test of the template, not only those that an owner changes.
   *
   * @default {false}
   */
  tests?: boolean;
  /**
   * Adds the stand-ins for the standard library, for machines without JSR.
   *
   * @default {false}
   */
  offline?: boolean;
}

/** What is about the template: its folder, its checks and the pictures of its README. */
const TEMPLATE =
  /^(?:template|\.ci|\.github)\/|^README\.md$|^docs\/(?:benchmarks|coming-from-fastapi)\.md$|\.(?:png|svg)$/;

const STAND_INS = /^template\/std\/(?!\w+\/tests\/)/;

/** Files that only new projects have. JSR publishes no `.gitignore`. */
const ADDED: Readonly<Record<string, string>> = {
  "template/create/README.md": "README.md",
  "template/create/gitignore": ".gitignore",
  "template/create/ci.yml": ".github/workflows/ci.yml",
};

/** The tests that an owner changes: the assembly, the settings, the routes. */
const TESTS = [
  "tests/app.ts",
  "tests/assert_problem.ts",
  "tests/described_test.ts",
  "tests/main_test.ts",
  "tests/routes/home_test.ts",
  "tests/routes/tasks_test.ts",
  "tests/tasks.ts",
  "tests/server/config_test.ts",
];

/** The example, apart from its two lines in main.ts. */
const EXAMPLE =
  /^routes\/tasks\.ts$|^docs\/api\.md$|^docs\/guides\/(?:a-custom-route|add-a-field|your-own-store|a-browser-app)\.md$/;

/**
 * Returns where a file of the template goes in a new project.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(placeOf("main.ts", { name: "my-api" }), "main.ts");
 * assertEquals(placeOf("template/create/gitignore", { name: "my-api" }), ".gitignore");
 * assertEquals(placeOf("template/CHANGELOG.md", { name: "my-api" }), undefined);
 * ```
 *
 * @param path Path in the template, with forward slashes.
 * @param shape What the project consists of.
 * @returns Path in the project, or `undefined` if the project does not get the file.
 */
export function placeOf(path: string, shape: Shape): string | undefined {
  if (path in ADDED) return ADDED[path];
  if (shape.offline && STAND_INS.test(path)) {
    return path.slice("template/".length);
  }
  if (TEMPLATE.test(path) || (shape.bare && EXAMPLE.test(path))) {
    return undefined;
  }
  const isTest = path.startsWith("tests/");
  return isTest && !shape.tests && !TESTS.includes(path) ? undefined : path;
}

/**
 * Adapts a file to a new project: its name, its imports, and without the example if
 * the project is bare.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   adapt("server/config.ts", 'const NAME = "tasks-api";', { name: "my-api" }, {}),
 *   'const NAME = "my-api";',
 * );
 * ```
 *
 * @param path Path in the template.
 * @param text Content in the template.
 * @param shape What the project consists of.
 * @param imports The imports in the template's `deno.json`.
 * @returns Content in the project, or `undefined` if it is a test of the example and
 * the project is bare.
 * @throws {Error} If the example is not in `main.ts` as expected.
 */
export function adapt(
  path: string,
  text: string,
  shape: Shape,
  imports: Readonly<Record<string, string>>,
): string | undefined {
  if (path === "deno.json") return adaptConfig(text, shape);
  if (/\.(?:json|lock)$/.test(path) || STAND_INS.test(path)) return text;
  if (path.endsWith(".md")) text = selectParts(text, shape);
  if (path.endsWith(".ts")) text = shortenImports(text, imports);
  if (shape.bare && path === "main.ts") text = removeExample(text);
  if (shape.bare) text = text.replaceAll("tasks.sqlite3", "store.sqlite3");
  if (shape.bare && /^tests\/.*\btasks\b(?!-api)/s.test(path + text)) {
    return undefined;
  }
  if (shape.bare) text = renameExample(text);
  return text.replaceAll("tasks-api", shape.name);
}

/** The template's deno.json without what is about the template. */
function adaptConfig(text: string, shape: Shape): string {
  const {
    name: _,
    license: _l,
    coverage: _c,
    publish: _p,
    fmt: _f,
    ...config
  } = JSON.parse(text);
  const tasks = Object.entries<{ command: string }>(config.tasks)
    .filter(([, { command }]) => !command.includes("template/"));
  const adapted = {
    name: shape.name,
    ...config,
    exports: "./main.ts",
    workspace: shape.offline ? ["./std/*"] : undefined,
    tasks: { ...Object.fromEntries(tasks), ok: OK },
    exclude: ["coverage"],
  };
  return `${JSON.stringify(adapted, null, 2)}\n`;
}

/** Prints failures and a summary. */
const OK = {
  description: "Check format, lint, types and tests",
  dependencies: ["deno"],
  command:
    "deno fmt -q --check && deno lint -q && deno check -q && deno task -q test -q --reporter=dot",
};

// `deno publish` replaces a name such as @std/http with its specifier. A project has
// the names in its deno.json.
function shortenImports(
  text: string,
  imports: Readonly<Record<string, string>>,
): string {
  for (const [name, specifier] of Object.entries(imports)) {
    text = text.replaceAll(`"${specifier}`, `"${name}`);
  }
  return text;
}

/** Selects the parts of a page for this shape: `<!-- tasks -->` or `<!-- bare -->`. */
function selectParts(text: string, { bare }: Shape): string {
  const [removed, kept] = bare ? ["tasks", "bare"] : ["bare", "tasks"];
  return text
    .replace(
      new RegExp(`<!-- ${removed} -->\\n[^]*?<!-- /${removed} -->\\n\\n?`, "g"),
      "",
    )
    .replace(new RegExp(`<!-- /?${kept} -->\\n\\n?`, "g"), "");
}

// Comments and pages show resources by an example: notes, which the first guide adds.
// Lines keep their lengths, and so their format.
function renameExample(text: string): string {
  return text
    .replace(/(?<!deno(?:@[\d.]+)?\s+)task(?!s-api)/g, "note")
    .replace(/Task(?! Manager API)/g, "Note");
}

function removeExample(text: string): string {
  const [, ...found] =
    /^(import \{ tasks \} from "\.\/routes\/tasks\.ts";\n)[^]*^(?:export )?const RESOURCES.* = (\[tasks\]);$/m
      .exec(text) ?? [];
  if (found.length === 2) {
    return text.replace(found[0]!, "").replace(found[1]!, "[]");
  }
  throw new Error(
    "Cannot remove the example: its two lines in main.ts are not as expected",
  );
}
