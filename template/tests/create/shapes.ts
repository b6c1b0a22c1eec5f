/**
 * Writes a project of each shape, and checks it as its owner would. It takes a
 * minute or two: `deno task test:create`.
 *
 * A project imports the standard library from JSR. Here it has the stand-ins instead
 * (`--offline`): the folder `std/` and the line "workspace" in its deno.json.
 */

import { assert, assertEquals } from "@std/assert";
import { create } from "../../create.ts";
import { deno } from "./_patch.ts";

for (const option of ["default", "bare", "tests"]) {
  Deno.test(`create() writes a project (${option}) that passes its own checks`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "my api (1) ü " });
    await create(folder, {
      name: "my-api-with-a-name-that-is-longer-than-most",
      [option]: true,
      offline: true,
    });

    const output = await deno(folder, ["task", "--quiet", "ok"]);
    await deno(folder, ["task", "routes"]);
    await deno(folder, ["task", "doctor"]);

    // A dot for each test, and a summary.
    assertEquals(
      output.split(/\n/).filter((line) => !/^\.*$/.test(line)).length,
      1,
      output,
    );
    await Deno.remove(folder, { recursive: true });
  });
}

for (const bare of [false, true]) {
  Deno.test(`deno task add is green ${bare ? "without" : "with"} the example`, async () => {
    const folder = await Deno.makeTempDir({ prefix: "my api (1) ü " });
    await create(folder, { name: "my-api", bare, offline: true });

    await deno(folder, ["task", "add", "notes", "text:string", "due:date?"]);
    await deno(folder, ["task", "ok"]);

    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("README.md names every file of the example", async () => {
  const folder = await Deno.makeTempDir({ prefix: "my api (1) ü " });
  await create(folder, { name: "my-api", offline: true });
  const readme = await Deno.readTextFile(`${folder}/README.md`);
  const [sentence] = /^To remove the example[^]*?\n\n/m.exec(readme)!;

  for (const [, path] of sentence.matchAll(/`(\w+\/[\w/]+\.ts)`/g)) {
    await Deno.remove(`${folder}/${path}`);
  }
  const main = await Deno.readTextFile(`${folder}/main.ts`);
  await Deno.writeTextFile(
    `${folder}/main.ts`,
    main.replace(/^import { tasks } .*\n/m, "").replace("[tasks]", "[]"),
  );

  await deno(folder, ["task", "ok"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("deno publish accepts the template", async () => {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["publish", "--dry-run", "--allow-dirty"],
    cwd: `${import.meta.dirname}/../../..`,
    env: { NO_COLOR: "1" },
  }).output();

  const output = new TextDecoder().decode(stderr);
  const messages = output.replace(/^.*file:.*$/gm, "");
  assert(success && !/warning|error/i.test(messages), output);
});
