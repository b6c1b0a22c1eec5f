/** Writes projects from a folder and from JSR. `create/shapes.ts` checks them. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertRejects,
  assertStringIncludes,
} from "@std/assert";
import { create } from "../create.ts";
import deno from "../../deno.json" with { type: "json" };
import { UNSET } from "../../tests/server.ts";

const ROOT = `${import.meta.dirname}/../..`;
const CREATE = `${ROOT}/template/create.ts`;

Deno.test("create.ts writes a project with its own name", async () => {
  await using folder = await tempFolder();
  await using jsr = await serveAsJsr();
  const env = { JSR_URL: jsr.url };

  const { code, out, error } = await run(folder.path, [CREATE, "my-api"], env);

  assertEquals([code, error], [0, ""]);
  assertMatch(
    out,
    /^Wrote \d+ files to my-api\nThe standard library comes from JSR\n/,
  );
  assertMatch(out, /\n\nNext\n {2}cd my-api\n {2}.* task dev\n$/);

  const files = await listFiles(`${folder.path}/my-api`);
  for (
    const file of [
      ".env.example",
      ".github/workflows/ci.yml",
      ".gitignore",
      "LICENSE",
      "README.md",
      "deno.lock",
      "main.ts",
      "routes/tasks.ts",
      "tests/app.ts",
    ]
  ) assert(files.includes(file), file);
  assertEquals(
    files.filter((file) =>
      /^(?:std|template|\.ci)\/|CHANGELOG|CONTRIBUTING|\.(?:svg|png)$/.test(
        file,
      )
    ),
    [],
  );

  const text = await Deno.readTextFile(`${folder.path}/my-api/deno.json`);
  const config = JSON.parse(text);
  assertEquals(config.name, "my-api");
  assertEquals(config.imports, deno.imports);
  assertEquals("workspace" in config, false);
  for (
    const [name, { command }] of Object.entries<{ command: string }>(
      config.tasks,
    )
  ) {
    assert(command.length <= 130, `${name} is too long to read: ${command}`);
  }
  assertEquals(
    await readAll(`${folder.path}/my-api`, /tasks-api|@tasks\/api/),
    [],
  );
});

for (
  const [what, jsr] of [
    ["does not respond", () => Promise.reject(new Error("no registry"))],
    ["is a page of a proxy", () => new Response("<h1>Sign in</h1>")],
  ] as const
) {
  Deno.test(`create.ts writes a project that starts where JSR ${what}`, async () => {
    await using folder = await tempFolder();
    await using server = Deno.serve({
      hostname: "127.0.0.1",
      port: 0,
      onListen: () => {},
      onError: () => new Response(null, { status: 502 }),
    }, jsr);
    const env = {
      JSR_URL: `http://127.0.0.1:${server.addr.port}/`,
      DENO_DIR: `${folder.path}/cache`,
    };

    const { code, out } = await run(folder.path, [CREATE, "my-api"], env);
    const path = `${folder.path}/my-api`;
    const routes = await run(path, ["task", "--quiet", "routes"], env);

    assertEquals(code, 0);
    assertStringIncludes(out, "comes from std/, which works without JSR.");
    assertEquals(routes.code, 0, routes.error);
    assertMatch(routes.out, /^GET +\/ping\n/);
  });
}

Deno.test("create.ts writes a project that starts with the standard library of JSR", async () => {
  await using folder = await tempFolder();
  await using jsr = await serveAsJsr();
  const env = { JSR_URL: jsr.url, DENO_DIR: `${folder.path}/cache` };

  await run(folder.path, [CREATE, "my-api"], env);
  const path = `${folder.path}/my-api`;
  // It has the hashes of the real packages.
  await Deno.remove(`${path}/deno.lock`);
  const routes = await run(path, ["task", "--quiet", "routes"], env);

  assertEquals(routes.code, 0, routes.error);
  assertMatch(routes.out, /^GET +\/ping\n/);
  assert(jsr.requested.some((path) => path.startsWith("/@std/http/1.")));
});

Deno.test("create() leaves nothing of tasks in a bare project", async () => {
  await using folder = await tempFolder();
  const allowed =
    /deno(?:@[\d.]+)?\s+task|"tasks": \{|Task Manager API template/g;

  const files = await create(folder.path, { name: "my-api", bare: true });

  assertEquals(files.filter((path) => /task/i.test(path)), []);
  for (const path of files) {
    const text = await Deno.readTextFile(`${folder.path}/${path}`);
    const lines = text.replaceAll(allowed, "").split("\n");
    assertEquals(lines.filter((line) => /task/i.test(line)), [], path);
  }
});

const SIZES = [
  ["default", 139, 12_370],
  ["bare", 129, 11_250],
] as const;

for (const [option, maxFiles, maxLines] of SIZES) {
  Deno.test(`create() writes at most ${maxFiles} files and ${maxLines} lines of TypeScript (${option})`, async () => {
    await using folder = await tempFolder();

    const files = await create(folder.path, { name: "my-api", [option]: true });
    const modules = files.filter((file) => file.endsWith(".ts"));
    const texts = await Promise.all(
      modules.map((file) => Deno.readTextFile(`${folder.path}/${file}`)),
    );
    const lines = texts.join("").split("\n").length - 1;

    assert(files.length <= maxFiles, `${files.length} files`);
    assert(lines <= maxLines, `${lines} lines`);
  });
}

for (
  const command of [
    ["init", "--jsr", "-y", deno.name, "my-api"],
    ["create", "-y", `jsr:${deno.name}`, "--", "my-api"],
  ]
) {
  const name = `deno ${command.join(" ")}`;
  Deno.test(`${name} writes the same project where JSR has the template`, async () => {
    await using folder = await tempFolder();
    await using jsr = await serveAsJsr();
    const env = { JSR_URL: jsr.url, DENO_DIR: `${folder.path}/cache` };

    const { code, error } = await run(folder.path, command, env);
    assertEquals(code, 0, error);
    await run(folder.path, [CREATE, "clone/my-api"], env);

    const path = `${folder.path}/my-api`;
    assertEquals(
      await listFiles(path),
      await listFiles(`${folder.path}/clone/my-api`),
    );
    assertEquals(await readAll(path, /from "jsr:/), []);
  });
}

Deno.test("create() reads what JSR lists, and rejects a file with another hash", async () => {
  await using folder = await tempFolder();
  await using jsr = await serveAsJsr("tests/app.ts");
  const template = new URL(`${deno.name}/${deno.version}/`, jsr.url);
  const shape = { name: "my-api" };

  await assertRejects(
    () => create(folder.path, shape, template),
    Error,
    'Cannot use "tests/app.ts": it is not the file that was published',
  );
  await assertRejects(
    () => create(folder.path, { ...shape, offline: true }, template),
    Error,
    "Cannot add the stand-ins: use --offline in a clone",
  );
  const absent = new URL("absent/", jsr.url);
  await assertRejects(
    () => create(folder.path, shape, absent),
    Error,
    `Cannot read ${jsr.url}absent_meta.json: status 404`,
  );
  assertEquals(await listFiles(folder.path), []);
});

for (
  const [args, sentence] of [
    [[], "Missing folder: name one for the project, such as my-api"],
    [[""], "Missing folder: name one for the project, such as my-api"],
    [["a", "b"], 'Several folders, "a" and "b": name one for the project'],
    [
      ["--fast", "a"],
      'Unknown option "--fast": see --help',
    ],
    [
      ["My API"],
      'Invalid name "My API": use lower-case letters, digits and hyphens, such as my-api',
    ],
    [
      ["full"],
      'Cannot write to "full": it contains "mine.txt". Use a new or empty folder',
    ],
    [
      ["full/mine.txt/../../file"],
      'Cannot write to "full/mine.txt/../../file": it is a file. Use a new or empty folder',
    ],
  ] as const
) {
  Deno.test(`create.ts ${args.join(" ")} reports the error, and exits with 1`, async () => {
    await using folder = await tempFolder();
    await Deno.mkdir(`${folder.path}/full`);
    await Deno.writeTextFile(`${folder.path}/full/mine.txt`, "");
    await Deno.writeTextFile(`${folder.path}/file`, "");

    const { code, out, error } = await run(folder.path, [CREATE, ...args]);

    assertEquals([code, out, error], [1, "", `${sentence}\n`]);
    assertEquals(await listFiles(folder.path), ["file", "full/mine.txt"]);
  });
}

Deno.test("create.ts --help fits a terminal", async () => {
  const { code, out } = await run(".", [CREATE, "--help"]);

  assertEquals(code, 0);
  assertStringIncludes(out, "--bare");
  assert(out.split("\n").every((line) => line.length <= 80), out);
});

async function run(
  cwd: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; out: string; error: string }> {
  const isProgram = args[0]!.endsWith("create.ts");
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: isProgram ? ["run", "-A", ...args] : [...args],
    cwd,
    // No registry is at this port.
    env: { ...UNSET, NO_COLOR: "1", JSR_URL: "http://127.0.0.1:9/", ...env },
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

async function tempFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await Deno.makeTempDir();
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function listFiles(folder: string, prefix = ""): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(folder)) {
    if (SKIPPED.has(name) || isSymlink) continue;
    const path = prefix + name;
    found.push(
      ...isDirectory
        ? await listFiles(`${folder}/${name}`, `${path}/`)
        : [path],
    );
  }
  return found.sort();
}

const SKIPPED = new Set([".git", "coverage", "data", "node_modules"]);

/** Names the files that a pattern matches. */
async function readAll(folder: string, pattern: RegExp): Promise<string[]> {
  const files = await listFiles(folder);
  const texts = await Promise.all(
    files.map((file) => Deno.readTextFile(`${folder}/${file}`)),
  );
  return files.filter((_file, index) => pattern.test(texts[index]!));
}

/** Serves the template and the stand-ins as the registry serves packages. */
async function serveAsJsr(
  changed?: string,
): Promise<AsyncDisposable & { url: string; requested: readonly string[] }> {
  const pages = new Map<string, string>();
  const { exports, version } = deno;
  const template = { ...exports, "./create": "./template/create.ts" };
  await publish({ name: deno.name, version, exports: template }, ROOT, pages);
  for (const specifier of Object.values(deno.imports)) {
    const folder = `${ROOT}/template/std/${specifier.split(/[/@]/)[2]}`;
    const text = await Deno.readTextFile(`${folder}/deno.json`);
    await publish(JSON.parse(text), folder, pages);
  }
  const requested: string[] = [];
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request) => {
      const { pathname } = new URL(request.url);
      requested.push(pathname);
      const text = pages.get(pathname);
      if (text === undefined) return new Response(null, { status: 404 });
      const isChanged = changed !== undefined && pathname.endsWith(changed);
      return new Response(isChanged ? `${text}\n` : text);
    },
  );
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requested,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** Adds the pages that the registry has of a package, imports written out as it does. */
async function publish(
  { name, version, exports }: {
    name: string;
    version: string;
    exports: string | Record<string, string>;
  },
  folder: string,
  pages: Map<string, string>,
): Promise<void> {
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const file of await listFiles(folder)) {
    if (/^template\/std\/|\.(?:gitignore|sqlite3)|^\.env$/.test(file)) continue;
    let text = await Deno.readTextFile(`${folder}/${file}`);
    if (file.endsWith(".ts")) {
      for (const [name, specifier] of Object.entries(deno.imports)) {
        text = text.replaceAll(` from "${name}`, ` from "${specifier}`);
      }
    }
    const checksum = `sha256-${await sha256(text)}`;
    manifest[`/${file}`] = { size: text.length, checksum };
    pages.set(`/${name}/${version}/${file}`, text);
  }
  const versions = { latest: version, versions: { [version]: {} } };
  pages.set(`/${name}/meta.json`, JSON.stringify(versions));
  pages.set(
    `/${name}/${version}_meta.json`,
    JSON.stringify({ manifest, exports }),
  );
}

async function sha256(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
}
