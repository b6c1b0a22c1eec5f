/** Restarts of the program while its owner writes. */

import { assert } from "@std/assert";
import { Server } from "../../tests/server.ts";
import { create } from "../create.ts";

Deno.test({
  name: "deno task dev has no more open files after further changes",
  ignore: Deno.build.os !== "linux",
  async fn(): Promise<void> {
    const folder = await Deno.makeTempDir();
    await create(folder, { name: "my-api", offline: true });
    const main = `${folder}/main.ts`;
    const text = await Deno.readTextFile(main);
    const counts: number[] = [];
    {
      const args = ["run", "--watch", "-A", "--no-prompt", main];
      const env = { APP_MODE: "development" };
      await using server = await Server.start(env, { args, cwd: folder });
      for (const save of Array(14).keys()) {
        const listening = server.line("listening");
        await Deno.writeTextFile(main, `${text}// ${save}\n`);
        await listening;
        counts.push(await countFiles(server.pid));
      }
    }
    // The files of a run are closed a little after the next one has begun.
    const before = Math.min(...counts.slice(0, 7));
    const after = Math.min(...counts.slice(7));
    assert(after - before < 7, `${counts}`);
    await Deno.remove(folder, { recursive: true });
  },
});

// Only all permissions would let Deno read there.
async function countFiles(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ls", {
    args: [`/proc/${pid}/fd`],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").length;
}
