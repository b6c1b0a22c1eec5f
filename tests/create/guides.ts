/**
 * Follows each guide in a new project, and runs what the guide runs. It takes half
 * a minute: `deno task test:create`.
 *
 * A block with a title is a file: a new one, or the lines of an existing one that
 * change (`diff`; `@@` stands between two places).
 */

import { assert, assertEquals } from "@std/assert";
import { create } from "../../create.ts";

const GUIDES = new URL("../../docs/guides/", import.meta.url);

for (const { name } of Deno.readDirSync(GUIDES)) {
  Deno.test(`docs/guides/${name} works as it is written`, async () => {
    const folder = await Deno.makeTempDir();
    await create(folder, { name: "my-api", offline: true });
    const guide = await Deno.readTextFile(new URL(name, GUIDES));

    const [, pattern, instead] = REPLACEMENT.exec(guide) ?? [];
    if (pattern) await replaceIn(folder, new RegExp(pattern, "gm"), instead!);
    const blocks = blocksOf(guide);
    for (const { language, title, text } of blocks) {
      const path = `${folder}/${title}`;
      if (language === "diff") {
        const file = await Deno.readTextFile(path);
        await Deno.writeTextFile(path, patch(file, text, title));
      } else {
        await Deno.mkdir(path.replace(/[^/]*$/, ""), { recursive: true });
        await Deno.writeTextFile(path, text, { createNew: true });
      }
    }

    const files = new Set(blocks.map(({ title }) => title));
    const modules = [...files].filter((file) => file.endsWith(".ts"));
    await deno(folder, ["fmt", "--check", ...files]);
    if (modules.length > 0) await deno(folder, ["lint", "--quiet", ...modules]);
    for (const [, command] of guide.matchAll(/^```sh\ndeno (.*)\n```$/gm)) {
      if (!/^(?:check|test) ?/.test(command!)) continue;
      await deno(folder, command!.split(" "));
    }
    await Deno.remove(folder, { recursive: true });
  });
}

const REPLACEMENT = /^find {5}(.*)\nreplace {2}(.*)$/m;

/** Does what an editor does with a regular expression, in all TypeScript. */
async function replaceIn(
  folder: string,
  pattern: RegExp,
  instead: string,
): Promise<void> {
  for await (const { name, isDirectory } of Deno.readDir(folder)) {
    const path = `${folder}/${name}`;
    if (isDirectory) await replaceIn(path, pattern, instead);
    if (!name.endsWith(".ts")) continue;
    const text = await Deno.readTextFile(path);
    const line = instead.replaceAll("\\n", "\n");
    await Deno.writeTextFile(path, text.replace(pattern, line));
  }
}

interface Block {
  language: string;
  title: string;
  text: string;
}

function blocksOf(guide: string): Block[] {
  const found = guide.matchAll(
    /^(`{3,})(\w+)(?: ignore)? title="([^"]+)"\n([^]*?)^\1$/gm,
  );
  return Array.from(found, ([, , language, title, text]) => ({
    language: language!,
    title: title!,
    text: text!,
  }));
}

/** Changes the places of a file that a diff names. Each must be there once. */
function patch(file: string, diff: string, title: string): string {
  for (const place of diff.split("@@\n")) {
    const lines = place.trimEnd().split("\n");
    const side = (mark: string): string =>
      lines.filter((line) => line === "" || " ".concat(mark).includes(line[0]!))
        .map((line) => `${line.slice(1)}\n`).join("");
    const parts = file.split(`\n${side("-")}`);
    assertEquals(parts.length, 2, `${title} has no such place:\n${place}`);
    file = parts.join(`\n${side("+")}`);
  }
  return file;
}

async function deno(cwd: string, args: readonly string[]): Promise<void> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout) + decoder.decode(stderr);
  assert(success, `deno ${args.join(" ")}\n${output}`);
}
