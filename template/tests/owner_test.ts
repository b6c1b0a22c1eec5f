/** A new project on its owner's machine, in a folder whose name URLs have to escape. */

import { assert, assertEquals, assertMatch } from "@std/assert";
import { Server } from "../../tests/server.ts";
import { create } from "../create.ts";

/** The ways to start it, from its folder and from another one. */
const STARTS: [way: string, args: (project: string) => string[]][] = [
  ["deno task start", () => ["task", "--quiet", "start"]],
  ["deno run main.ts", () => ["run", "-A", "--no-prompt", "main.ts"]],
  [
    "deno run main.ts from another folder",
    (project) => ["run", "-A", "--no-prompt", `${project}/main.ts`],
  ],
];

/** Of the environment, what is not a setting. */
const KEPT = Object.fromEntries(
  ["PATH", "HOME", "DENO_DIR", "SystemRoot", "USERPROFILE", "LOCALAPPDATA"]
    .flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
);

for (const [way, args] of STARTS) {
  Deno.test(`${way} reads .env beside main.ts, and keeps its data there`, async () => {
    await using project = await openProject();
    const { path } = project;
    await Deno.writeTextFile(
      `${path}/.env`,
      "\uFEFFAPP_NAME='cost$5' # of\r\nAPP_VERSION=1\r\nAPP_VERSION=2\r\nKV_PATH=\r\n",
    );
    const cwd = way.endsWith("folder") ? `${path}/docs` : path;
    {
      await using server = await start(args(path), cwd);
      const { headers, body } = await fetch(`${server.url}/ping`);
      await body?.cancel();

      assertEquals(headers.get("X-Handled-By"), "cost$5");
      assertEquals(headers.get("X-App-Version"), "2");
    }
    const files = await Array.fromAsync(Deno.readDir(`${path}/data`));
    assert(files.some(({ name }) => name === "store.sqlite3"));
  });

  Deno.test(`${way} reports a line of .env that it cannot read`, async () => {
    await using project = await openProject();
    const { path } = project;
    await Deno.writeTextFile(`${path}/.env`, "PORT=0\nAPP_NAME=${APP_NAME}");
    const cwd = way.endsWith("folder") ? `${path}/docs` : path;

    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: args(path),
      cwd,
      clearEnv: true,
      env: KEPT,
    }).output();

    assertEquals(code, 1);
    assertMatch(
      new TextDecoder().decode(stderr),
      /^Cannot read .*my api \(1\) ü\/\.env, line 2: .*\n$/,
    );
  });
}

Deno.test("deno task start may write where KV_PATH is, and deno task backup reads it there", async () => {
  await using project = await openProject();
  const { path } = project;
  await Deno.writeTextFile(
    `${path}/.env`,
    "\uFEFFKV_PATH='../my data/$a.sqlite3'\r\n",
  );
  {
    await using _server = await start(["task", "-q", "start"], path);
  }
  const files = await Array.fromAsync(Deno.readDir(`${path}/../my data`));
  assert(files.some(({ name }) => name === "$a.sqlite3"));

  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "backup", `${path}/backup.sqlite3`],
    cwd: path,
    clearEnv: true,
    env: KEPT,
  }).output();
  assertEquals(new TextDecoder().decode(stderr), "");
  assert((await Deno.stat(`${path}/backup.sqlite3`)).isFile);
});

Deno.test("an old Deno gets a message with the version that is needed, in each task that does not run there", async () => {
  await using project = await openProject();
  const { tasks } = JSON.parse(
    await Deno.readTextFile(`${project.path}/deno.json`),
  );

  const names = ["dev", "start", "test", "ok", "routes", "doctor"]
    .concat("backup", "restore");
  for (const name of names) {
    assertEquals(tasks[name].dependencies, ["deno"], name);
  }
  assertEquals(tasks.deno.command, "deno run server/deno_version.ts");
});

Deno.test({
  name: "deno task dev has no more open files after further changes",
  ignore: Deno.build.os !== "linux",
  async fn(): Promise<void> {
    await using project = await openProject();
    const main = `${project.path}/main.ts`;
    const text = await Deno.readTextFile(main);
    const counts: number[] = [];
    {
      const args = ["run", "--watch", "-A", "--no-prompt", main];
      const env = { APP_MODE: "development" };
      await using server = await Server.start(env, { args, cwd: project.path });
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
  },
});

// Only all permissions would let Deno read there.
async function countFiles(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ls", {
    args: [`/proc/${pid}/fd`],
  }).output();
  return new TextDecoder().decode(stdout).split("\n").length;
}

/** Starts a project, whose `.env` counts. */
function start(args: string[], cwd: string): Promise<Server> {
  const env = { ...KEPT, RELOAD: "unusual" };
  return Server.start(env, { args, cwd, clearEnv: true });
}

/** Writes a project. */
async function openProject(): Promise<AsyncDisposable & { path: string }> {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/100% #1/my api (1) ü`;
  await create(path, { name: "my-api", bare: true, offline: true });
  return {
    path,
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
