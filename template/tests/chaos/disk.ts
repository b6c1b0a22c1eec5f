import { assert, assertEquals, assertMatch } from "@std/assert";
import { openTasks, verifyTasks } from "../../../tests/store/tasks.ts";
import { Server } from "../../../tests/server.ts";
import { Client } from "./_client.ts";
import type { Filled } from "./_filler.ts";
import type { Probe } from "./_prober.ts";
import { type Folder, openFolder, readLines, start } from "./_processes.ts";
import { tell } from "./_tell.ts";

// Root may, but not in every container, and not on every file system.
const mayMount = await may("mount -t tmpfs -o size=1m tmpfs . && umount $PWD");
const mayForbid = await may("touch a && chattr +i a && chattr -i a");

Deno.test({
  name:
    "a store reports a full disk, and continues when there is room (needs root)",
  ignore: !mayMount,
  async fn(): Promise<void> {
    await using folder = await openDisk();
    const ballast = `${folder.path}/ballast`;
    await Deno.writeFile(ballast, new Uint8Array(2 ** 21));

    const filled = await fill(start("_filler.ts", [
      `${folder.path}/tasks.sqlite3`,
      ballast,
    ]));

    assertEquals(filled.code, "unavailable");
    assertMatch(filled.cause, /full|disk I\/O/);
    assertEquals([filled.reads, filled.after], [true, 10]);
    assertEquals([filled.violations, filled.lost], [[], 0]);
  },
});

Deno.test({
  name:
    "a server responds with 503 while the disk is full, and continues when there is room",
  ignore: !mayMount,
  async fn(): Promise<void> {
    await using folder = await openDisk();
    await fillThrough(`${folder.path}/tasks.sqlite3`);
  },
});

/** Fills the disk below a server, makes room, and starts the server again. */
async function fillThrough(path: string): Promise<void> {
  const ballast = `${path}.ballast`;
  await Deno.writeFile(ballast, new Uint8Array(2 ** 21));
  const client = new Client();
  {
    await using server = await Server.startTask({ KV_PATH: path });
    client.url = server.url;
    const outage = server.line("Cannot reach the store");
    const statuses = new Set<number>();
    for (let refused = 0; refused < 20;) {
      const status = await client.create();
      statuses.add(status);
      if (status === 503) refused++;
    }
    assertEquals(statuses, new Set([201, 503]));
    const { level, cause } = await outage;
    assertEquals(level, "warn");
    assertMatch(
      String(cause),
      /^StoreError: [^\n]+: TypeError: [^\n]*(?:full|disk I\/O)/,
    );
    // What can be read is read.
    assertEquals(await client.statusOf("/readyz"), 200);
    await client.check();

    await Deno.remove(ballast);
    for (let turn = 0; turn < 10; turn++) {
      assertEquals(await client.create(), 201);
    }
    server.signal("SIGKILL");
    await server.status();
  }
  await using server = await Server.startTask({ KV_PATH: path });
  client.url = server.url;
  await client.check();
  await using _open = await openTasks(path);
  assertEquals(await verifyTasks(path), []);
}

Deno.test("a store says that its file may not grow", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  // The signal that comes with the limit would end the process.
  const script = `trap "" XFSZ; ulimit -f 4096; exec "$@"`;
  const process = new Deno.Command("bash", {
    args: ["-c", script, "bash", Deno.execPath(), "run", "-A", "--no-check"]
      .concat(`${import.meta.dirname}/_filler.ts`, path),
    stdout: "piped",
    stderr: "inherit",
  }).spawn();

  const filled = await fill(process);

  assertEquals(filled.code, "unavailable");
  assert(filled.reads);
  assertEquals([filled.violations, filled.lost], [[], 0]);
});

Deno.test({
  name:
    "a server stops in its time on a disk that takes 20 s to sync (needs cc)",
  ignore: Deno.build.os !== "linux" || !await may("cc --version >/dev/null"),
  async fn(): Promise<void> {
    await using folder = await openFolder();
    const [source, library, flag] = ["slow.c", "slow.so", "slow"]
      .map((name) => `${folder.path}/${name}`) as [string, string, string];
    await Deno.writeTextFile(source, SLOW_SYNC);
    await run("cc", "-shared", "-fPIC", "-o", library, source);
    await using server = await Server.start({
      KV_PATH: `${folder.path}/tasks.sqlite3`,
      LD_PRELOAD: library,
      SLOW: flag,
    });
    const client = new Client();
    client.url = server.url;
    assertEquals(await client.create(), 201);
    await Deno.writeTextFile(flag, "");

    const creating = client.create();
    const start = performance.now();
    server.signal("SIGTERM");
    const status = await server.status();
    const ms = performance.now() - start;

    assertEquals([status, await creating], [0, 503]);
    assert(ms < 10_000, `${ms} ms`);
  },
});

/** Makes a sync take 20 seconds while the file `SLOW` is there. */
const SLOW_SYNC = `
  #include <stdlib.h>
  #include <sys/syscall.h>
  #include <unistd.h>
  static int sync_with(long call, int file) {
    if (access(getenv("SLOW"), F_OK) == 0) sleep(20);
    return syscall(call, file);
  }
  int fsync(int file) { return sync_with(SYS_fsync, file); }
  int fdatasync(int file) { return sync_with(SYS_fdatasync, file); }
`;

const READ_ONLY: Record<string, (folder: string) => string[]> = {
  "file": (folder) => [`${folder}/tasks.sqlite3`],
  "folder": (folder) => [folder],
  "file in a read-only folder": (
    folder,
  ) => [`${folder}/tasks.sqlite3`, folder],
};
for (const [what, pathsIn] of Object.entries(READ_ONLY)) {
  Deno.test({
    name: `a store refuses a read-only ${what} (needs root)`,
    ignore: !mayForbid,
    async fn(): Promise<void> {
      await using folder = await openFolder();
      const path = `${folder.path}/tasks.sqlite3`;
      assertEquals((await probe(path)).violations, []);
      await run("chattr", "+i", ...pathsIn(folder.path));
      try {
        assertMatch((await probe(path)).refused!, /folder, both of which/);
      } finally {
        await run("chattr", "-i", ...pathsIn(folder.path));
      }
    },
  });
}

/** Opens a folder that is a separate disk, of four megabytes. */
async function openDisk(): Promise<Folder> {
  const folder = await openFolder();
  await run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder.path);
  return {
    path: folder.path,
    async [Symbol.asyncDispose](): Promise<void> {
      await run("umount", folder.path);
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** Whether commands succeed in their own folder. */
async function may(commands: string): Promise<boolean> {
  await using folder = await openFolder();
  const { success } = await new Deno.Command("sh", {
    args: ["-c", commands],
    cwd: folder.path,
    stderr: "null",
  }).output();
  return success;
}

async function fill(process: Deno.ChildProcess): Promise<Filled> {
  const [filled] = await Array.fromAsync(readLines<Filled>(process.stdout));
  assertEquals((await process.status).code, 0);
  tell(filled);
  return filled!;
}

async function probe(path: string): Promise<Probe> {
  const process = start("_prober.ts", [path]);
  const [probe] = await Array.fromAsync(readLines<Probe>(process.stdout));
  assertEquals((await process.status).code, 0);
  return probe!;
}

async function run(command: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, { args })
    .output();
  assert(success, new TextDecoder().decode(stderr));
}
