import { assert, assertEquals } from "@std/assert";
import {
  NOTES,
  openTasks,
  verifyRows,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
import { Server } from "../../../tests/server.ts";
import { Client } from "./_client.ts";
import { tell } from "./_tell.ts";
import { openFolder, readLog, startWriter } from "./_processes.ts";

const ROUNDS = 50;
/** Clients of a server that create in parallel. */
const LANES = 8;

Deno.test("a store keeps what it acknowledged before SIGKILL", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  const last = new Map<string, string | null>();
  let told: string[] = [];
  let from = await openStart(path);
  let changes = 0;
  let commits = 0;

  for (let round = 0; round < ROUNDS; round++) {
    const patience = Math.floor(Math.random() * 300);
    const { process, lines } = startWriter(path, 1_000_000);
    let count = 0;
    for await (const { id, version } of lines) {
      last.set(id, version);
      if (version !== null) told.push(version);
      // What it prints later was acknowledged as well.
      if (count++ === patience) process.kill("SIGKILL");
    }
    assertEquals((await process.status).signal, "SIGKILL");

    await using open = await openTasks(path);
    assertEquals(await verifyTasks(path), []);
    assertEquals(await verifyRows(path, NOTES), []);
    const log = await readLog(open.tasks, from);
    const ids = new Set(log.map(({ id }) => id));
    assertEquals(ids.size, log.length, "a change is sent twice");
    // What was written together has one version.
    const versions = new Set(log.map(({ id }) => id.slice(0, 20)));
    assertEquals(told.filter((version) => !versions.has(version)), []);
    const deleted = new Set(
      log.flatMap((it) => it.event === "deleted" ? [it.valueId] : []),
    );
    for (const [id, version] of last) {
      const stored = await open.tasks.get(id);
      // The last write may have gone through without a response.
      if (stored === null) assert(deleted.has(id), `${id} is lost`);
      else assert(version !== null && stored.version >= version, id);
    }
    changes += log.length;
    commits += versions.size;
    from = log.at(-1)?.id ?? from;
    told = [];
    last.clear();
  }
  tell(
    `${ROUNDS} rounds, ${changes} changes in ${commits} commits, 0 lost, 0 twice`,
  );
});

async function openStart(path: string): Promise<string> {
  await using open = await openTasks(path);
  const { signal } = new AbortController();
  return (await open.tasks.changes({ signal })).from;
}

Deno.test("a server keeps what it acknowledged before SIGKILL", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  const client = new Client();

  for (let round = 1; round <= 3; round++) {
    await using server = await Server.startTask({ KV_PATH: path });
    client.url = server.url;
    assertEquals(await client.statusOf("/readyz"), 200);
    await client.check();
    const patience = client.created.size + 100 + Math.random() * 200;
    let isKilled = false;
    const createUntilItEnds = async (): Promise<void> => {
      for (;;) {
        const status = await client.create().catch(nothingIfItEnded);
        if (status === undefined) return;
        assertEquals(status, 201);
        if (isKilled || client.created.size < patience) continue;
        isKilled = true;
        server.signal("SIGKILL");
      }
    };
    await Promise.all(Array.from({ length: LANES }, createUntilItEnds));
    assertEquals(await server.status(), 128 + 9);
  }

  await using server = await Server.startTask({ KV_PATH: path });
  client.url = server.url;
  await client.check();
  await using _open = await openTasks(path);
  assertEquals(await verifyTasks(path), []);
  tell(`3 rounds, ${client.created.size} tasks acknowledged, 0 lost`);
});

/** What `fetch()` throws if the server is gone. */
function nothingIfItEnded(error: unknown): undefined {
  if (!(error instanceof TypeError)) throw error;
}
