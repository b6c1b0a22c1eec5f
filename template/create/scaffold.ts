/**
 * What a new project gets of the template, and how it differs there.
 *
 * No file is read or written here: `create.ts` does that.
 *
 * @module
 */

/** What a new project is to be. */
export interface Shape {
  /** Name of the package and of the app. */
  name: string;
  /**
   * Leaves the Task Manager out.
   *
   * @default {false}
   */
  bare?: boolean;
  /**
   * Brings the stand-ins for the standard library, for a machine without JSR.
   *
   * @default {false}
   */
  offline?: boolean;
}

// What is not named here stays behind: template/, and what is about it.
const KEPT = [
  "main.ts",
  "deno.json",
  "deno.lock",
  "AGENTS.md",
  "LICENSE",
  "Dockerfile",
  ".dockerignore",
  ".editorconfig",
  ".env.example",
  ".devcontainer/",
  ".vscode/",
  "docs/guides/",
  "http/",
  "middleware/",
  "routes/",
  "server/",
  "tests/",
];

const STAND_INS = "template/std/";

/** Where what is written for new projects alone goes. JSR publishes no .gitignore. */
const PLACED: Readonly<Record<string, string>> = {
  "template/create/README.md": "README.md",
  "template/create/gitignore": ".gitignore",
  "template/create/ci.yml": ".github/workflows/ci.yml",
};

const EXAMPLE =
  /^routes\/tasks\/|^tests\/routes\/(?:tasks\/|docs\/_)|^(?:tests\/)?server\/seed|^docs\/guides\/(?:add-a-field|your-own-store|a-browser-app)\.md$/;

/** The tasks of deno.json that a new project has a use for. */
const TASKS = [
  "dev",
  "start",
  "serve",
  "test",
  "ok",
  "coverage",
  "seed",
  "seed:run",
  "routes",
  "doctor",
];

/**
 * Tells where a file of the template goes in a new project.
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
 * @param shape What the project is to be.
 * @returns Path in the project, or `undefined` where the file stays behind.
 */
export function placeOf(path: string, shape: Shape): string | undefined {
  if (path in PLACED) return PLACED[path];
  if (path.startsWith(STAND_INS)) {
    const isNeeded = shape.offline && !path.includes("/tests/");
    return isNeeded ? path.replace("template/", "") : undefined;
  }
  if (shape.bare && EXAMPLE.test(path)) return undefined;
  const isKept = KEPT.some((kept) =>
    kept.endsWith("/") ? path.startsWith(kept) : path === kept
  );
  return isKept ? path : undefined;
}

/**
 * Rewrites a file of the template for a new project: its name, its imports, and
 * without the example where the project is to be bare.
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
 * @param shape What the project is to be.
 * @param imports The imports in the template's `deno.json`.
 * @returns Content in the project, or `undefined` where it is not for this shape.
 * @throws {Error} If `main.ts` is not as it has to be to take the example out.
 */
export function adapt(
  path: string,
  text: string,
  shape: Shape,
  imports: Readonly<Record<string, string>>,
): string | undefined {
  if (path === "deno.json") return configOf(text, shape);
  if (path.startsWith(STAND_INS) || path === "deno.lock") return text;
  if (path.endsWith(".md")) text = partsFor(text, shape);
  if (/\.tsx?$/.test(path)) text = withBareImports(text, imports);
  if (shape.bare && needsExample(path, text)) return undefined;
  if (shape.bare && path === "main.ts") text = withoutExample(text);
  return text.replaceAll("tasks-api", shape.name);
}

function configOf(text: string, { name, bare, offline }: Shape): string {
  const { tasks, imports, unstable, compilerOptions, lint, test } = JSON.parse(
    text,
  );
  const kept = Object.fromEntries(
    TASKS.filter((task) => task in tasks && !(bare && task.startsWith("seed")))
      .map((task) => [task, tasks[task]]),
  );
  kept.ok = {
    description: "Check format, lint, types and tests",
    command: "deno fmt --check && deno lint && deno check && deno task test",
  };
  const config = {
    name,
    version: "0.1.0",
    exports: "./main.ts",
    ...(offline && { workspace: ["./std/*"] }),
    imports,
    unstable,
    compilerOptions,
    lint,
    test,
    tasks: kept,
    exclude: ["coverage"],
  };
  return `${JSON.stringify(config, null, 2)}\n`;
}

// `deno publish` writes out what each import of a package means. In a project
// with a deno.json of its own they are short again.
function withBareImports(
  text: string,
  imports: Readonly<Record<string, string>>,
): string {
  for (const [name, specifier] of Object.entries(imports)) {
    text = text.replaceAll(`"${specifier}`, `"${name}`);
  }
  return text;
}

/** Keeps the parts of a page that are for this shape: `<!-- tasks -->`, … */
function partsFor(text: string, { bare }: Shape): string {
  const [goes, stays] = bare ? ["tasks", "bare"] : ["bare", "tasks"];
  return text
    .replace(
      new RegExp(`<!-- ${goes} -->\\n[^]*?<!-- /${goes} -->\\n\\n?`, "g"),
      "",
    )
    .replace(new RegExp(`<!-- /?${stays} -->\\n\\n?`, "g"), "");
}

/** Whether it is a test of the whole app that sends requests to the example. */
function needsExample(path: string, text: string): boolean {
  if (!path.startsWith("tests/")) return false;
  return /"[^"]*\/routes\/tasks\//.test(text) ||
    (/\/(?:app|main)\.ts"|MAIN/.test(text) && /\/tasks\b/.test(text));
}

/** What names the example in main.ts, and what is there without it. */
const CUTS: readonly (readonly [what: string, RegExp, string])[] = [
  ["its imports", /^import [^;]*?"\.\/routes\/tasks\/[^"]+";\n/gm, ""],
  ["its store", /^ {2}const store = await openTaskStore\([^;]*\);\n\n?/m, ""],
  ["its routes", /^ +\.\.\.(?:task|event)Routes\([^;]*?\),\n/gm, ""],
  ["its description", /resources: \[TASKS\]/, "resources: []"],
  ["its health", /\(\) => store\.ping\(\)/, "() => Promise.resolve()"],
  [
    "its end",
    /async (\[Symbol\.asyncDispose\][^]*?) +await store\[Symbol\.asyncDispose\]\(\);\n/,
    "$1      return Promise.resolve();\n",
  ],
  [
    "its start",
    /^export async function createApp/m,
    "// deno-lint-ignore require-await -- to open your store will take one\n$&",
  ],
];

function withoutExample(text: string): string {
  for (const [what, pattern, instead] of CUTS) {
    const cut = text.replace(pattern, instead);
    if (cut === text) {
      throw new Error(
        `Cannot leave the Task Manager out: main.ts has changed, and ${what} cannot be found`,
      );
    }
    text = cut;
  }
  return text;
}
