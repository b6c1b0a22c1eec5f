/**
 * The architecture, as a test. It reads the sources, so it needs `--allow-read=.`.
 */

import { assert, assertEquals } from "@std/assert";

const ROOT = new URL("../../", import.meta.url);

/** Where a module may import from, by the folder that it is in. */
const FLOORS: Record<string, readonly string[]> = {
  "": ["server", "routes", "middleware", "store", "http"],
  // The programs in server/ that show or check the app import main.ts.
  "server": ["", "server", "middleware", "store", "http"],
  "routes": ["routes", "store", "http"],
  "middleware": ["middleware", "http"],
  "store": ["store"],
  "http": ["http"],
};

/** What `store/` may import beside: the types of schemas. */
const SHARED = "http/schema.ts";

/** What is not a file of ours, and may be imported nevertheless. */
const OUTSIDE = /^(?:@std\/[a-z]+(?:\/[a-z-]+)?|node:sqlite)$/;

/** Lines of code, without comments and examples, and without what only describes. */
const MAX_LINES = 4_200;
const DESCRIPTIONS = /openapi|operation|problem_types/;
const COUNTED =
  /^main\.ts$|^(?:middleware|http|routes|store)\/.*\.ts$|^server\/(?!doctor|routes|seed|terminal).*\.ts$/;

/** A file of the project. */
interface Source {
  /** Path from the root, with slashes. */
  path: string;
  /** The folder at the root that it is in, or `""`. */
  floor: string;
  text: string;
  /** The text without its comments, and with them the examples. */
  code: string;
  /** What it imports, as it is written. */
  imports: string[];
}

const SOURCES = await readSources();
const MODULES = SOURCES.filter(({ floor }) => floor in FLOORS);
const TESTS = SOURCES.filter(({ floor }) => floor === "tests");

Deno.test("the house has what this test looks at", () => {
  for (const floor of ["", "middleware", "routes", "http"]) {
    assert(
      MODULES.some((each) => each.floor === floor),
      `no module in "${floor}"`,
    );
  }
  assert(MODULES.some(({ imports }) => imports.length > 5), "no imports found");
});

Deno.test("modules import from their own floor and those below", () => {
  assertEquals(
    MODULES.flatMap(({ path, floor, imports }) =>
      imports
        .filter((each) => each.startsWith(".") && each.endsWith(".ts"))
        .map((each) => resolve(path, each))
        .filter((each) => !FLOORS[floor]!.includes(floorOf(each)))
        .filter((each) => !(floor === "store" && each === SHARED))
        .map((each) => `${path} imports ${each}`)
    ),
    [],
  );
});

Deno.test("modules import nothing but files, @std and node:sqlite", () => {
  assertEquals(
    MODULES.flatMap(({ path, imports }) =>
      imports
        .filter((each) => !each.startsWith(".") && !OUTSIDE.test(each))
        .map((each) => `${path} imports ${each}`)
    ),
    [],
  );
});

Deno.test("modules import each other in no circle, not even types", () => {
  const graph = new Map(MODULES.map(({ path, imports }) => [
    path,
    imports.filter((each) => each.startsWith("."))
      .map((each) => resolve(path, each)),
  ]));

  assertEquals(
    MODULES.map(({ path }) => path).filter((path) => reaches(graph, path))
      .filter((path) => !path.startsWith("middleware/cors")),
    [],
  );
});

Deno.test("no module is a barrel", () => {
  assertEquals(
    MODULES.filter(({ path, code }) =>
      /(^|\/)(?:index|mod)\.ts$/.test(path) ||
      /^export \*/m.test(code) ||
      code.replace(/^(?:import|export)\b[^;]*?\bfrom\b[^;]*;/gm, "").trim() ===
        ""
    ).map(({ path }) => path),
    [],
  );
});

Deno.test("no file or folder is named after nothing", () => {
  assertEquals(
    SOURCES.map(({ path }) => path).filter((path) =>
      /(^|\/)(?:utils?|helpers?|common|misc|shared|lib)(\/|\.ts$)/.test(path)
    ),
    [],
  );
});

Deno.test("files have names in snake_case", () => {
  assertEquals(
    SOURCES.map(({ path }) => path).filter((path) =>
      !/^[a-z0-9_./]+$/.test(path)
    ),
    [],
  );
});

Deno.test(`the product has fewer than ${MAX_LINES} lines of code`, () => {
  const lines = MODULES
    .filter(({ path }) => COUNTED.test(path) && !DESCRIPTIONS.test(path))
    .reduce((sum, { code }) => sum + (code.match(/^.*\S/gm)?.length ?? 0), 0);

  assert(lines < MAX_LINES, `it has ${lines}`);
});

Deno.test("no module is longer than 350 lines with its documentation", () => {
  assertEquals(
    MODULES.filter(({ text }) => text.split("\n").length > 350)
      .map(({ path }) => path),
    [],
  );
});

Deno.test("each module that has something to run has its test at the mirrored path", () => {
  const tests = new Set(TESTS.map(({ path }) => path));

  assertEquals(
    MODULES.filter(({ floor, code }) =>
      ["middleware", "http", "routes", "server", "store"].includes(floor) &&
      /^export (?:async )?(?:function|class|const)\b/m.test(code)
    ).map(({ path }) => `tests/${path.replace(/\.ts$/, "_test.ts")}`)
      .filter((path) => !tests.has(path)),
    [],
  );
});

Deno.test("each module can be imported alone, and does nothing then", async () => {
  for (const { path, floor } of MODULES) {
    if (floor !== "") await import(new URL(path, ROOT).href);
  }
});

async function readSources(): Promise<Source[]> {
  const sources: Source[] = [];
  for (const path of await pathsIn(ROOT)) {
    const text = await Deno.readTextFile(new URL(path, ROOT));
    const code = text.replace(/^\s*\/\*\*?[^]*?\*\/|^\s*\/\/.*$/gm, "");
    sources.push({
      path,
      floor: floorOf(path),
      text,
      code,
      imports: importsOf(code),
    });
  }
  return sources.sort((a, b) => a.path < b.path ? -1 : 1);
}

/** Paths of TypeScript files, in the root and the folders that this test looks at. */
async function pathsIn(folder: URL, prefix = ""): Promise<string[]> {
  const paths: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${prefix}${name}`;
    if (isDirectory && (prefix !== "" || name === "tests" || name in FLOORS)) {
      paths.push(...await pathsIn(new URL(`${name}/`, folder), `${path}/`));
    } else if (name.endsWith(".ts")) {
      paths.push(path);
    }
  }
  return paths;
}

function importsOf(code: string): string[] {
  const specifiers =
    /^(?:import|export)\s(?:[\w\s{},*]+?\sfrom\s+)?"([^"]+)"|\bimport\(\s*"([^"]+)"/gm;
  return [...code.matchAll(specifiers)].map(([, first, second]) =>
    (first ?? second)!
  );
}

function resolve(from: string, specifier: string): string {
  const base = "file:///root/";
  return new URL(specifier, `${base}${from}`).href.slice(base.length);
}

function floorOf(path: string): string {
  const slash = path.indexOf("/");
  return slash === -1 ? "" : path.slice(0, slash);
}

/** Whether a module comes back to itself. */
function reaches(graph: Map<string, string[]>, start: string): boolean {
  const seen = new Set<string>();
  const open = [...graph.get(start) ?? []];
  for (const path of open) {
    if (path === start) return true;
    if (seen.has(path)) continue;
    seen.add(path);
    open.push(...graph.get(path) ?? []);
  }
  return false;
}
