import { assertEquals, assertRejects } from "@std/assert";
import { Server } from "../../../tests/server.ts";
import { Client } from "./_client.ts";
import { StoreError } from "../../../store/collection.ts";
import {
  fieldsOf,
  openTasks,
  patch,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
import { openFolder, readLines, start } from "./_processes.ts";

Deno.test("a store survives a lock that another process holds for 12 s", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  await using one = await openTasks(path, { timeoutMs: 60_000 });
  const { tasks: patient } = one;
  await using two = await openTasks(path, { timeoutMs: 2000 });
  const { tasks: hasty } = two;
  const { value: { id } } = await patient.create(fieldsOf());
  const holder = start("_locker.ts", [path, "12000"]);
  const told = readLines(holder.stdout);
  await told.next();

  const waiting = Promise.all([
    ...Array.from({ length: 50 }, () => patient.create(fieldsOf())),
    patient.update(id, patch({ done: true })),
  ]);
  const refused = await Promise.all(
    Array.from(
      { length: 10 },
      () =>
        assertRejects(
          () => hasty.update(id, patch({ title: "Read" })),
          StoreError,
        ),
    ),
  );
  const read = await hasty.get(id);
  await waiting;
  await told.return(undefined);
  await holder.status;

  assertEquals(new Set(refused.map(({ code }) => code)).size, 1);
  assertEquals(refused[0]?.code, "unavailable");
  assertEquals(read?.value.done, false);
  assertEquals(
    (await hasty.update(id, patch({ title: "Read" })))?.value.done,
    true,
  );
  assertEquals(await verifyTasks(path), []);
});

Deno.test("a server responds to writes with 503 while another program locks its file, and still reads", async () => {
  await using folder = await openFolder();
  const path = `${folder.path}/tasks.sqlite3`;
  await using server = await Server.startTask({
    KV_PATH: path,
    STORE_TIMEOUT_MS: "500",
  });
  const client = new Client();
  client.url = server.url;
  assertEquals(await client.create(), 201);
  const holder = start("_locker.ts", [path, "3000"]);
  const told = readLines(holder.stdout);
  await told.next();

  const outage = server.line("Cannot reach the store");
  const statuses = await Promise.all(
    Array.from({ length: 20 }, () => client.create()),
  );
  assertEquals(statuses, Array(20).fill(503));
  assertEquals((await outage)["level"], "warn");
  assertEquals(await client.statusOf("/readyz"), 200);
  await client.check();

  await told.return(undefined);
  await holder.status;
  assertEquals(await client.create(), 201);
  await client.check();
});
