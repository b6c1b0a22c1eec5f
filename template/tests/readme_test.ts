/**
 * Runs the commands of README.md and docs/, and compares what they print. With
 * `deno task test template/tests/readme_test.ts -- --update` the pages get the output,
 * and docs/architecture.md the numbers of lines.
 *
 * A line that begins with `$` is a command, the lines after it are its output, and a
 * line that is `…` stands for any lines.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import deno from "../../deno.json" with { type: "json" };
import { createApp } from "../../main.ts";
import { UNSET } from "../../tests/server.ts";
import { adapt, placeOf, type Shape } from "../create/scaffold.ts";

const ROOT = new URL("../..", import.meta.url);
// With npx alone, no `deno` is on the path.
const DENO = Deno.execPath().replace(/[^/\\]+$/, "");
const README = new URL("README.md", ROOT);
/** In this order: the later pages use the server that the first one has started. */
const PAGES = [
  README,
  ...["api", "errors", "deploy"].map((name) =>
    new URL(`docs/${name}.md`, ROOT)
  ),
];
const BLOCK = /```console\n([^]*?)```/g;
/** A name and the line of its declaration, in the form of GitHub. */
const LINE_LINK = /\[`(\w+)(?:\(\))?`\]\(([^)#]+)#L\d+\)/g;
const COMMAND = /^\$ (.+)\n((?:(?!\$ ).*\n)*)/gm;

Deno.test("README.md and docs/ show what their commands print", async () => {
  await using shell = await openShell();
  for (const url of PAGES) {
    const page = await Deno.readTextFile(url);
    const blocks: string[] = [];
    for (const [, block] of page.matchAll(BLOCK)) {
      let real = "";
      for (const [, command, printed] of block!.matchAll(COMMAND)) {
        const output = await shell.run(command!);
        real += `$ ${command}\n${shorten(output, printed!)}`;
      }
      blocks.push(real);
    }

    if (Deno.args.includes("--update")) {
      const updated = page.replace(
        BLOCK,
        () => `\`\`\`console\n${blocks.shift()}\`\`\``,
      );
      await Deno.writeTextFile(url, updated);
      continue;
    }
    for (const [, block] of page.matchAll(BLOCK)) {
      assertEquals(withoutChance(blocks.shift()!), withoutChance(block!));
    }
  }
});

Deno.test("the first screen of README.md has the picture, and --bare", async () => {
  const [first = ""] = (await Deno.readTextFile(README)).split("```");

  assertStringIncludes(first, "](docs/live.png)");
  assertStringIncludes(first, "`--bare`");
});

Deno.test("docs/architecture.md links to the lines that declare what it names", async () => {
  const url = new URL("docs/architecture.md", ROOT);
  const page = await Deno.readTextFile(url);
  let updated = page;
  for (const [link, name, path] of page.matchAll(LINE_LINK)) {
    const text = await Deno.readTextFile(new URL(path!, url));
    const declaration = new RegExp(
      `\\b(?:function|class|interface) ${name}\\b`,
    );
    const line = text.split("\n").findIndex((each) => declaration.test(each));
    assert(line >= 0, link);
    updated = updated.replace(link, link.replace(/#L\d+/, `#L${line + 1}`));
  }

  assert(page.match(LINE_LINK)!.length > 10);
  if (Deno.args.includes("--update")) await Deno.writeTextFile(url, updated);
  else assertEquals(page, updated, "run this test with -- --update");
});

Deno.test("README.md names promises that hold", async () => {
  await using shell = await openShell();
  const readme = await Deno.readTextFile(README);
  const rows = [...readme.matchAll(/^\| .+? \| `(.+?)` +\| `?(.+?)`? +\|$/gm)]
    .filter(([, command]) => /^(?:curl|deno|grep) /.test(command!));

  assert(rows.length >= 9);
  for (const [row, command, seen] of rows) {
    const [, task] = /^deno task ([\w:]+)/.exec(command!) ?? [];
    // These run by themselves: they take minutes.
    if (task !== undefined) assert(task in deno.tasks, row);
    else assertStringIncludes(await shell.run(command!), seen!, row);
  }
});

Deno.test("docs/benchmarks.md has the tables that were measured", async () => {
  const page = await Deno.readTextFile(new URL("docs/benchmarks.md", ROOT));
  const measured = await Promise.all(
    ["http", "store"].map((name) =>
      Deno.readTextFile(new URL(`template/bench/results/${name}.md`, ROOT))
    ),
  );
  const tables = [...page.matchAll(/(?:^\|.*\r?\n)+/gm)].map(([it]) => it);

  assertEquals(tables.length, measured.length);
  for (const [index, table] of tables.entries()) {
    assertStringIncludes(measured[index]!, table);
  }
});

Deno.test("pages name tasks and files that exist", async () => {
  for (const path of ["README.md", "AGENTS.md", ...await docs()]) {
    const url = new URL(path, ROOT);
    const page = await Deno.readTextFile(url);
    for (const [, task] of page.matchAll(/deno task ([a-z:]+)/g)) {
      assert(task! in deno.tasks, `${url.pathname}: ${task}`);
    }
    for (const target of linksIn(page, path)) {
      assert(await exists(new URL(target, ROOT)), `${path}: ${target}`);
    }
  }
});

for (const shape of [{ name: "mine" }, { name: "mine", bare: true }]) {
  Deno.test(`pages of a new project link to files that it has: ${JSON.stringify(shape)}`, async () => {
    const sources = ["template/create/README.md", "AGENTS.md", ...await docs()];
    for (const source of sources) {
      const path = placeOf(source, shape);
      if (path === undefined) continue;
      const text = await Deno.readTextFile(new URL(source, ROOT));
      for (const target of linksIn(adapt(path, text, shape, {})!, path)) {
        assert(isThere(target, shape), `${path}: ${target}`);
      }
    }
  });
}

/** Returns the pages in docs/, as paths from the root. */
async function docs(): Promise<string[]> {
  const paths: string[] = [];
  for (const folder of ["docs/", "docs/guides/"]) {
    for await (const { name } of Deno.readDir(new URL(folder, ROOT))) {
      if (name.endsWith(".md")) paths.push(folder + name);
    }
  }
  return paths;
}

/** Returns the files that a page links to, as paths from the root. */
function linksIn(page: string, path: string): string[] {
  return [...page.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target]) =>
    new URL(target!, `file:///${path}`).pathname.slice(1)
  );
}

function exists(url: URL): Promise<boolean> {
  return Deno.stat(url).then(() => true, () => false);
}

function isThere(target: string, shape: Shape): boolean {
  return target.endsWith("/") || placeOf(target, shape) !== undefined;
}

/** Runs commands of the README. */
interface Shell extends AsyncDisposable {
  run(command: string): Promise<string>;
}

/** Where commands run, and which server they mean by `:8000`. */
interface Place {
  cwd: string | URL;
  port: number;
}

/** Opens a shell in this folder. Its own server responds, until that of a project does. */
async function openShell(): Promise<Shell> {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir();
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  const place: Place = { cwd: ROOT, port: await serveHere(stack) };
  const known = { ID: "", ETAG: "", LAST: "" };

  async function sh(command: string): Promise<string> {
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", command.replaceAll(":8000", `:${place.port}`)],
      cwd: place.cwd,
      env: { ...UNSET, ...known, PATH: `${DENO}:${Deno.env.get("PATH")}` },
    }).output();
    const text = new TextDecoder().decode(stdout).replaceAll("\r", "");
    known.ID = /\/tasks\/(\w{26})/.exec(text)?.[1] ?? known.ID;
    known.ETAG = /^ETag: (.*)$/m.exec(text)?.[1] ?? known.ETAG;
    known.LAST ||= known.ETAG.replaceAll('"', "");
    return text.replaceAll(`:${place.port}`, ":8000");
  }

  const resources = stack.move();
  return {
    run(command): Promise<string> {
      const [, path] =
        /^deno run -A template\/create.ts (\S+)$/.exec(command) ?? [];
      if (path !== undefined) return writeProject(folder, path);
      const [, project] = /^cd (\S+) && deno task start$/.exec(command) ?? [];
      if (project === undefined) return sh(command);
      place.cwd = `${folder}/clone/${project}`;
      return startProject(place, resources);
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** Serves the template, and gives the port. */
async function serveHere(stack: AsyncDisposableStack): Promise<number> {
  const app = stack.use(
    await createApp({
      config: { allowedOrigins: ["https://app.example.com"] },
    }),
  );
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => app.fetch(request, info),
  );
  stack.defer(async () => {
    app.stop();
    await server.shutdown();
  });
  return server.addr.port;
}

/** Writes a project as the README says, on a machine without JSR. */
async function writeProject(folder: string, path: string): Promise<string> {
  const create = new URL("template/create.ts", ROOT).href;
  const clone = `${folder}/clone`;
  await Deno.mkdir(clone);
  return await runDeno(["run", "-A", create, path], clone);
}

/** Starts a project, and gives what it says until it listens. */
async function startProject(
  place: Place,
  stack: AsyncDisposableStack,
): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: place.cwd,
    env: { ...UNSET, PORT: "0", LOG_FORMAT: "text" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  stack.defer(async () => {
    child.kill("SIGTERM");
    await child.status;
  });
  const chunks = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  stack.defer(() => chunks.cancel());
  let text = "";
  while (!/^docs .*\n/m.test(text)) {
    const { value, done } = await chunks.read();
    if (done) throw new Error(`Cannot start the project: ${text}`);
    text += value;
  }
  place.port = Number(/:(\d+)/.exec(text)![1]);
  return text.replaceAll(`:${place.port}`, ":8000");
}

async function runDeno(args: string[], cwd: string | URL): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd,
    env: { ...UNSET, NO_COLOR: "1", JSR_URL: "http://127.0.0.1:9/" },
  }).output();
  return new TextDecoder().decode(stdout);
}

/** Leaves out what the README leaves out, with its `…`. */
function shorten(output: string, printed: string): string {
  // The formatter leaves no empty line at the end of a block.
  const text = output.trimEnd() === "" ? "" : `${output.trimEnd()}\n`;
  const end = printed.indexOf("…\n");
  if (end === -1) return text;
  const count = printed.slice(0, end).split("\n").length - 1;
  return `${
    text.split("\n").slice(0, count).map((line) => `${line}\n`).join("")
  }…\n`;
}

/** Replaces what differs from one run to the next. */
function withoutChance(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, "<ulid>")
    .replace(/(?<=id: )[0-9a-f]{20}|"[0-9a-f]{20}\\?"/g, "<version>")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replace(/\d+\.\d\d(ms)?/g, "<ms>")
    .replace(/(?<=cursor=|nextCursor":")[\w-]+/g, "<cursor>")
    .replace(/^date: .*$/gm, "<date>")
    .replace(/content-length: \d+/g, "<length>")
    .replace(/\d+ files/g, "<count> files");
}
