/**
 * Runs the commands of README.md and compares what they print. With
 * `deno task test tests/readme_test.ts -- --update` the README gets what they print.
 *
 * A line that begins with `$` is a command, what follows is its output, and a line
 * that is `…` stands for any lines.
 */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import deno from "../deno.json" with { type: "json" };
import { createApp } from "../main.ts";
import { layersIn } from "../tools/onion.ts";

const ROOT = new URL("..", import.meta.url);
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

/** Runs commands of the README against an app of its own. */
interface Shell extends AsyncDisposable {
  run(command: string): Promise<string>;
}

async function openShell(): Promise<Shell> {
  const app = await createApp({
    config: { allowedOrigins: ["https://app.example.com"] },
  });
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => app.fetch(request, info),
  );
  const folder = await Deno.makeTempDir();
  const { port } = server.addr;
  const known = { ID: "", ETAG: "", LAST: "" };

  async function sh(command: string): Promise<string> {
    const { stdout } = await new Deno.Command("sh", {
      args: ["-c", command.replaceAll(":8000", `:${port}`)],
      cwd: ROOT,
      env: known,
    }).output();
    const text = new TextDecoder().decode(stdout).replaceAll("\r", "");
    known.ID = /\/tasks\/(\w{26})/.exec(text)?.[1] ?? known.ID;
    known.ETAG = /^ETag: (.*)$/m.exec(text)?.[1] ?? known.ETAG;
    known.LAST ||= known.ETAG.replaceAll('"', "");
    return text.replaceAll(`:${port}`, ":8000");
  }

  return {
    run(command): Promise<string> {
      const [, name] = /^deno run -A create.ts (\S+)$/.exec(command) ?? [];
      if (name !== undefined) return writeProject(folder, name);
      const [, project] = /^cd (\S+) && deno task start$/.exec(command) ?? [];
      if (project !== undefined) return startProject(`${folder}/${project}`);
      return sh(command);
    },
    async [Symbol.asyncDispose](): Promise<void> {
      app.stop();
      await server.shutdown();
      await app[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/**
 * Writes a project as the README says, and puts one in its place that a machine
 * without JSR can run: the same with stand-ins for the standard library.
 */
async function writeProject(folder: string, name: string): Promise<string> {
  const create = ["run", "-A", new URL("create.ts", ROOT).href];
  const output = await runDeno([...create, name], folder);
  await Deno.remove(`${folder}/${name}`, { recursive: true });
  await runDeno([...create, "--offline", name], folder);
  return output;
}

/** Starts a project, and stops it when it has told its URLs. */
async function startProject(folder: string): Promise<string> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "start"],
    cwd: folder,
    env: { PORT: "0", LOG_FORMAT: "text" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("docs")) child.kill("SIGTERM");
  }
  await child.status;
  return text.replace(/:\d+/g, ":8000");
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
  const text = output.endsWith("\n") ? output : `${output}\n`;
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
