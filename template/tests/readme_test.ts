/**
 * Runs the commands of README.md and compares what they print. With
 * `deno task test tests/readme_test.ts -- --update` the README gets what they print.
 *
 * A line that begins with `$` is a command, what follows is its output, and a line
 * that is `…` stands for any lines.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import deno from "../../deno.json" with { type: "json" };
import { createApp } from "../../main.ts";
import { layersIn } from "../onion.ts";

const ROOT = new URL("../..", import.meta.url);
// Where there is only npx, `deno` is on no path.
const DENO = Deno.execPath().replace(/[^/\\]+$/, "");
const README = new URL("README.md", ROOT);
const BLOCK = /```console\n([^]*?)```/g;
const COMMAND = /^\$ (.+)\n((?:(?!\$ ).*\n)*)/gm;

Deno.test("README.md shows what its commands print", async () => {
  await using shell = await openShell();
  const readme = await Deno.readTextFile(README);
  const blocks: string[] = [];
  for (const [, block] of readme.matchAll(BLOCK)) {
    let real = "";
    for (const [, command, printed] of block!.matchAll(COMMAND)) {
      const output = await shell.run(command!);
      real += `$ ${command}\n${shorten(output, printed!)}`;
    }
    blocks.push(real);
  }

  if (Deno.args.includes("--update")) {
    const updated = readme.replace(
      BLOCK,
      () => `\`\`\`console\n${blocks.shift()}\`\`\``,
    );
    return await Deno.writeTextFile(README, updated);
  }
  for (const [, block] of readme.matchAll(BLOCK)) {
    assertEquals(withoutChance(blocks.shift()!), withoutChance(block!));
  }
});

Deno.test("README.md says what can be checked", async () => {
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

Deno.test("README.md shows what the benchmarks have measured", async () => {
  const readme = await Deno.readTextFile(README);
  const [, section] = /^## How fast it is\n([^]*?)^## /m.exec(readme)!;
  const measured = await Promise.all(
    ["http", "store"].map((name) =>
      Deno.readTextFile(new URL(`template/bench/results/${name}.md`, ROOT))
    ),
  );
  const tables = [...section!.matchAll(/(?:^\|.*\n)+/gm)].map(([it]) => it);

  assertEquals(tables.length, measured.length);
  for (const [index, table] of tables.entries()) {
    assertStringIncludes(measured[index]!, table);
  }
});

Deno.test("README.md names tasks, files and sections that are there", async () => {
  const readme = await Deno.readTextFile(README);

  for (const [, task] of readme.matchAll(/deno task ([a-z:]+)/g)) {
    assert(task! in deno.tasks, task);
  }
  for (const [, path] of readme.matchAll(/\]\((?!https?:|#)([^)]+)\)/g)) {
    assert(await Deno.stat(new URL(path!, README)), path);
  }
});

Deno.test("README.md draws the layers in the order that main.ts has", async () => {
  const readme = await Deno.readTextFile(README);
  const layers = layersIn(await Deno.readTextFile(new URL("main.ts", ROOT)));
  const drawn = [...readme.matchAll(/^(?: *└─ )?(\w+) {2,}\S/gm)]
    .map(([, name]) => name!);

  assertEquals(drawn.filter((name) => layers.includes(name)), layers);
});

/** Runs commands of the README. */
interface Shell extends AsyncDisposable {
  run(command: string): Promise<string>;
}

/** Where commands run, and which server they mean by `:8000`. */
interface Place {
  cwd: string | URL;
  port: number;
}

/** Opens a shell in this folder. A server of its own answers, until a project does. */
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
      env: { ...known, PATH: `${DENO}:${Deno.env.get("PATH")}` },
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

/**
 * Writes a project as the README says, and puts one in its place that a machine
 * without JSR can run: the same with stand-ins for the standard library.
 */
async function writeProject(folder: string, path: string): Promise<string> {
  const create = ["run", "-A", new URL("template/create.ts", ROOT).href];
  const clone = `${folder}/clone`;
  await Deno.mkdir(clone);
  const output = await runDeno([...create, path], clone);
  await Deno.remove(`${clone}/${path}`, { recursive: true });
  await runDeno([...create, "--offline", path], clone);
  return output;
}

/** Starts a project, and gives what it says until it listens. */
async function startProject(
  place: Place,
  stack: AsyncDisposableStack,
): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: place.cwd,
    env: { PORT: "0", LOG_FORMAT: "text" },
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
    env: { NO_COLOR: "1" },
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
    .replace(/cursor=\w+/g, "<cursor>")
    .replace(/^date: .*$/gm, "<date>")
    .replace(/content-length: \d+/g, "<length>")
    .replace(/\d+ files/g, "<count> files");
}
