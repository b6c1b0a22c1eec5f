/**
 * Runs the commands of README.md and compares what they print. With
 * `deno task test tests/readme_test.ts -- --update` the README gets what they print.
 */

import { assertEquals } from "@std/assert";
import { createApp } from "../main.ts";

const README = new URL("../README.md", import.meta.url);
const BLOCK = /```console\n\$ (.+)\n([^]*?)```/g;

Deno.test("README.md shows what its commands print", async () => {
  await using api = await serveApp();
  const readme = await Deno.readTextFile(README);
  const real: string[] = [];
  for (const [, command] of readme.matchAll(BLOCK)) {
    real.push(await print(command!, api.port));
  }

  if (Deno.args.includes("--update")) {
    const updated = readme.replace(
      BLOCK,
      (_, command) => `\`\`\`console\n$ ${command}\n${real.shift()}\`\`\``,
    );
    return await Deno.writeTextFile(README, updated);
  }
  for (const [, command, printed] of readme.matchAll(BLOCK)) {
    assertEquals(
      withoutChance(real.shift()!),
      withoutChance(printed!),
      command,
    );
  }
});

Deno.test("README.md draws the layers in the order that main.ts has", async () => {
  const readme = await Deno.readTextFile(README);
  const main = await Deno.readTextFile(new URL("main.ts", README));
  const [, list] = /const layers[^]*?\[\n([^]*?)\n {2}\];/.exec(main)!;
  const imported = new Set(
    [...main.matchAll(/import \{ (\w+)[^}]*\} from "\.\/middleware\//g)]
      .map(([, name]) => name!),
  );
  const layers = [...list!.matchAll(/\w+(?=\()/g)].map(([name]) => name)
    .filter((name) => imported.has(name));

  assertEquals(
    [...readme.matchAll(/^(?: *└─ )?(\w+) {2,}\S/gm)].map(([, name]) => name)
      .filter((name) => imported.has(name!)),
    layers,
  );
});

async function serveApp(): Promise<AsyncDisposable & { port: number }> {
  const app = await createApp();
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => app.fetch(request, info),
  );
  return {
    port: server.addr.port,
    async [Symbol.asyncDispose](): Promise<void> {
      app.stop();
      await server.shutdown();
      await app[Symbol.asyncDispose]();
    },
  };
}

let lastId = "";

/** Runs a command against the app, and writes its output as if on port 8000. */
async function print(command: string, port: number): Promise<string> {
  if (!command.startsWith("curl")) return await printUrls(command);
  const { stdout } = await new Deno.Command("sh", {
    args: ["-c", command.replaceAll(":8000", `:${port}`)],
    env: { ID: lastId },
  }).output();
  const text = new TextDecoder().decode(stdout).replaceAll("\r", "");
  lastId = /\/tasks\/(\w{26})/.exec(text)?.[1] ?? lastId;
  return `${text.replaceAll(`:${port}`, ":8000")}\n`;
}

/** Starts the server with a command, and stops it when it has told its URLs. */
async function printUrls(command: string): Promise<string> {
  const [program, ...args] = command.split(" ");
  const child = new Deno.Command(
    program === "deno" ? Deno.execPath() : program!,
    {
      args,
      cwd: new URL("..", import.meta.url),
      env: { PORT: "0", KV_PATH: ":memory:", LOG_FORMAT: "text" },
      stdout: "piped",
      stderr: "null",
    },
  ).spawn();
  let text = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("docs")) child.kill("SIGTERM");
  }
  await child.status;
  return text.replace(/:\d+/g, ":8000");
}

/** Replaces what differs from one run to the next. */
function withoutChance(text: string): string {
  return text
    .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "<uuid>")
    .replace(/\b[0-7][0-9A-HJKMNP-TV-Z]{25}\b/g, "<ulid>")
    .replace(/"[0-9a-f]{20}\\?"/g, "<version>")
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "<time>")
    .replace(/\d+\.\d\d(ms)?/g, "<ms>")
    .replace(/cursor=\w+/g, "<cursor>")
    .replace(/^date: .*$/m, "<date>")
    .replace(/content-length: \d+/, "<length>");
}
