/**
 * Follows each guide in a new project, and runs what the guide runs. It takes half
 * a minute: `deno task test:create`.
 *
 * A block with a title is a file: a new one, or the lines of an existing one that
 * change (`diff`; `@@` stands between two places).
 */

import { assert } from "@std/assert";
import { create } from "../../create.ts";
import { blocksOf, deno, patch } from "./_patch.ts";

const GUIDES = new URL("../../../docs/guides/", import.meta.url);

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

Deno.test("README.md says which lines the example has", async () => {
  const folder = await Deno.makeTempDir();
  await create(folder, { name: "my-api", offline: true });
  const readme = await Deno.readTextFile(new URL("../../../README.md", GUIDES));
  const [, section] = /^## Make it yours\n([^]*?)^## /m.exec(readme)!;

  for (const { title, text } of blocksOf(section!)) {
    const path = `${folder}/${title}`;
    const file = await Deno.readTextFile(path);
    await Deno.writeTextFile(path, patch(file, text, title));
  }
  for (const [, commands] of section!.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)) {
    const options = { args: ["-ec", commands!], cwd: folder };
    assert((await new Deno.Command("sh", options).output()).success);
  }

  for (
    const task of [["fmt", "--check"], ["lint"], ["check"], ["task", "test"]]
  ) {
    await deno(folder, task);
  }
  await Deno.remove(folder, { recursive: true });
});
