import {
  assert,
  assertEquals,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import permissions from "../../server/permissions.json" with { type: "json" };
import { readEnvironment } from "../../server/environment.ts";
import { run } from "./_run.ts";

async function read(text: string): Promise<Record<string, string>> {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${folder}/.env`, text);
    return { ...readEnvironment(`${folder}/`).file };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (
  const [text, file] of [
    ["", {}],
    ["\uFEFFA=1\r\n\r\n  # B=2\r\nexport C = two words # three\r\n", {
      A: "1",
      C: "two words",
    }],
    ["A=\nB=it's\nC='cost$5'\nD=\"# $HOME\"\nE='${E}'", {
      A: "",
      B: "it's",
      C: "cost$5",
      D: "# $HOME",
      E: "${E}",
    }],
    ["A=1\nA=2", { A: "2" }],
  ] as const
) {
  Deno.test(`readEnvironment() reads ${JSON.stringify(text)}`, async () => {
    assertEquals(await read(text), file);
  });
}

for (
  const line of [
    "A=cost$5",
    "A=${A}",
    "A=${B:-x}",
    "A='open",
    'A="open',
    "A='a' b",
    "a secret",
    "A-B=1",
    "=1",
  ]
) {
  Deno.test(`readEnvironment() rejects ${line}`, async () => {
    const error = await read(`B=1\r\n${line}\r\nC='1'`).catch((it) => it);

    assertStringIncludes(
      error.message,
      "/.env, line 2: write NAME=value, and quotes around a value with $",
    );
    assert(!error.message.includes(line), "it may be a secret");
  });
}

Deno.test("readEnvironment() reads no file, where there is none", () => {
  assertEquals(readEnvironment("/nowhere/").file, {});
});

Deno.test("readEnvironment() prefers the environment", async () => {
  const folder = `${await Deno.makeTempDir()}/`;
  await Deno.writeTextFile(`${folder}.env`, "PATH=from-file\nIN_FILE=1");

  const { env } = readEnvironment(folder);

  assertEquals(env("PATH"), Deno.env.get("PATH"));
  assertEquals(env("IN_FILE"), "1");
  assertEquals(env("NOWHERE"), undefined);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("readEnvironment() reports a .env that is a folder", async () => {
  const folder = `${await Deno.makeTempDir()}/`;
  await Deno.mkdir(`${folder}.env`);

  assertThrows(() => readEnvironment(folder), Error, `${folder}.env`);
  await Deno.remove(folder, { recursive: true });
});

for (
  const [KV_PATH, folder] of [
    ["", "data"],
    [":memory:", ":memory:"],
    ["https://kv.example", ":memory:"],
    ["my data/a.sqlite3", "my data/a.sqlite3/.."],
  ] as const
) {
  Deno.test(`environment.ts prints ${folder} for KV_PATH=${KV_PATH}`, async () => {
    const { out, error } = await run(["server/environment.ts"], { KV_PATH });

    assertEquals([out, error], [`${folder}\n`, ""]);
  });
}

for (
  const [env, flag] of [
    [{ PORT: "8000" }, "=127.0.0.1:8000"],
    [{ PORT: "80", HOST: "[::1]" }, "=[::1]:80"],
    // doctor asks there whether an API is running.
    [{ PORT: "80", HOST: "0.0.0.0" }, "=0.0.0.0:80,127.0.0.1:80"],
    // It may have to listen again, on the port that it got.
    [{ PORT: "0" }, "=127.0.0.1"],
    // Such a server names further addresses.
    [{ KV_PATH: "https://kv.example" }, ""],
    // main.ts reports it.
    [{ PORT: "80a" }, ""],
    [{ HOST: "127.0.0.1:80" }, ""],
    [{ HOST: "http://127.0.0.1" }, ""],
  ] as const
) {
  Deno.test(`environment.ts net prints --allow-net${flag} for ${JSON.stringify(env)}`, async () => {
    const { out, error } = await run(["server/environment.ts", "net"], env);

    assertEquals([out, error], [`--allow-net${flag}\n`, ""]);
  });
}

Deno.test("deno task start takes the permission for the network from there", () => {
  assert(permissions.tasks.serve.includes(' "$NET" '));
});
