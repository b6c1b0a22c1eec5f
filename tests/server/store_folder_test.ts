import { assertEquals } from "@std/assert";
import { isFile } from "../../server/store_folder.ts";
import { run } from "./_run.ts";

for (
  const [path, expected] of [
    [undefined, false],
    ["", false],
    [" ", false],
    [":memory:", false],
    ["https://kv.example", false],
    ["data/tasks.sqlite3", true],
    ["C:\\data\\app", true],
  ] as const
) {
  Deno.test(`isFile() is ${expected} for ${JSON.stringify(path)}`, () => {
    assertEquals(isFile(path), expected);
  });
}

for (
  const [KV_PATH, folder] of [
    ["", "data"],
    [":memory:", "data"],
    ["my data/a.sqlite3", "my data/a.sqlite3/.."],
  ] as const
) {
  Deno.test(`store_folder.ts prints ${folder} for KV_PATH=${KV_PATH}`, async () => {
    const { out, error } = await run(["server/store_folder.ts"], { KV_PATH });

    assertEquals([out, error], [`${folder}\n`, ""]);
  });
}
