/**
 * Writes projects of both shapes, and checks them as their owner would. It takes a
 * minute or two: `deno task test:create`.
 *
 * A new project imports the genuine standard library. So that this runs without
 * JSR, too, it is written with `--offline`: that adds the folder `std/` and the
 * line "workspace" in deno.json, and nothing else.
 */

import { assert, assertEquals } from "@std/assert";
import { create } from "../../create.ts";
import { deno } from "./_patch.ts";

for (const bare of [false, true]) {
  const shape = bare ? "a bare project" : "a project";
  Deno.test(`create() writes ${shape} that passes its checks and its tests`, async () => {
    const folder = await Deno.makeTempDir();
    const name = "my-api-with-a-name-that-is-longer-than-most";
    const files = await create(folder, { name, bare, offline: true });

    const about = await filesThatMention(folder, files, /\btaskRoutes\b/);
    assertEquals(about.length === 0, bare, `${about}`);
    for (
      const args of [
        ["fmt", "--check"],
        ["lint", "--quiet"],
        ["check", "--quiet"],
        ["task", "test", "--quiet", "--reporter=dot"],
        ["task", "routes"],
        ["task", "doctor"],
      ]
    ) await deno(folder, args);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("deno publish has nothing against the template", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty"],
    cwd: `${import.meta.dirname}/../../..`,
    env: { NO_COLOR: "1" },
  }).output();

  const said = new TextDecoder().decode(stderr);
  assert(
    success && !/warning|error/i.test(said.replace(/^.*file:.*$/gm, "")),
    said,
  );
});

async function filesThatMention(
  folder: string,
  files: readonly string[],
  pattern: RegExp,
): Promise<string[]> {
  const texts = await Promise.all(
    files.map((file) => Deno.readTextFile(`${folder}/${file}`)),
  );
  return files.filter((_file, index) => pattern.test(texts[index]!));
}
