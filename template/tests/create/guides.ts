/**
 * Follows each guide in a new project, with the example and without, and runs what
 * the guide runs. Where it changes files, the whole project is checked afterwards. It
takes some minutes: `deno task test:create`.
 *
 * A block with a title is a file: a new one, or the lines of an existing one that
 * change (`diff`; `@@` stands between two places).
 */

import { create } from "../../create.ts";
import { blocksOf, deno, patch } from "./_patch.ts";

const GUIDES = new URL("../../../docs/guides/", import.meta.url);

for (const { name } of Deno.readDirSync(GUIDES)) {
  for (const bare of [false, true]) {
    Deno.test(`docs/guides/${name} works ${bare ? "without" : "with"} the example`, async () => {
      const folder = await Deno.makeTempDir({ prefix: "my api (1) ü " });
      const text = await Deno.readTextFile(new URL(name, GUIDES));
      const tests = text.includes("create --tests");
      const shape = { name: "my-api", offline: true, bare, tests };
      const files = await create(folder, shape);
      if (files.includes(`docs/guides/${name}`)) await follow(name, folder);
      await Deno.remove(folder, { recursive: true });
    });
  }
}

/** Does in a new project what a guide of it says. */
async function follow(name: string, folder: string): Promise<void> {
  const guide = await Deno.readTextFile(`${folder}/docs/guides/${name}`);
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
  if (files.size > 0) await deno(folder, ["task", "ok"]);
}
