/** Backs up while others write, and restores, as docs/deploy.md says. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import deno from "../../deno.json" with { type: "json" };
import type { Collection } from "../../store/collection.ts";
import { Server, UNSET } from "../server.ts";
import {
  fieldsOf,
  openTasks,
  patch,
  type TaskFields,
  verifyTasks,
} from "../store/tasks.ts";

const WRITERS = 4;

Deno.test("backup makes a whole copy while others write, and restore brings it back", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  const written: string[] = [];
  let before: string[];
  {
    await using open = await openTasks(path);
    const stop = new AbortController();
    const writing = Array.from(
      { length: WRITERS },
      () => write(open.tasks, written, stop.signal),
    );
    while (written.length < 100) await open.database.ping();

    before = [...written];
    assertEquals(await runTask("backup", path, copy), "");
    stop.abort();
    await Promise.all(writing);
    assert(
      written.length > before.length,
      "nothing was written during the backup",
    );
    assertEquals(await verifyTasks(path), []);
  }

  assertEquals(await runTask("restore", path, copy), "");
  const modes = [copy, path].map((file) => Deno.statSync(file).mode! & 0o777);
  if (Deno.build.os !== "windows") assertEquals(modes, [0o600, 0o600]);
  await using open = await openTasks(path);
  const { tasks } = open;
  assertEquals(await verifyTasks(path), []);
  const found = await Promise.all(before.map((id) => tasks.get(id)));
  assertEquals(found.filter((it) => it === null).length, 0);
  const { value } = await tasks.create(FIELDS);
  assertEquals((await tasks.get(value.id))?.value, value);
  await open[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test("after a restore, no tag and no event id from before is taken for one from after", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  const old: string[] = [];
  let task = "";
  for (const time of [1, 2, 3]) {
    await using server = await Server.start({ KV_PATH: path });
    const { url } = server;
    if (time === 1) {
      [task] = await send(url, "POST", "/tasks");
      assertEquals(await runTask("backup", path, copy), "");
    }
    const tags: string[] = [];
    for (let count = 0; count < 20; count++) {
      tags.push((await send(url, "PATCH", task))[1]);
    }
    assertEquals(tags.filter((tag) => old.includes(tag)), []);

    for (const tag of old.slice(-2)) {
      const [, , status] = await send(url, "PATCH", task, { "If-Match": tag });
      assertEquals(status, 412);
      const headers = { "If-None-Match": tag };
      const response = await fetch(url + task, { headers });
      await response.body?.cancel();
      assertEquals(response.status, 200);
      assertEquals(await firstEvent(url, tag), "reset");
    }
    old.push(...tags);
    server.signal("SIGTERM");
    assertEquals(await server.status(), 0);
    assertEquals(await runTask("restore", path, copy), "");
  }
  await Deno.remove(folder, { recursive: true });
});

/** Sends a task. Resolves to its location, its tag and the status. */
async function send(
  base: string,
  method: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<[location: string, tag: string, status: number]> {
  const response = await fetch(base + path, {
    method,
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify({ title: crypto.randomUUID() }),
  });
  await response.body?.cancel();
  const location = response.headers.get("Location") ?? "";
  return [location, response.headers.get("ETag") ?? "", response.status];
}

/** Follows from what a tag names, and resolves to the first event. */
async function firstEvent(base: string, tag: string): Promise<string> {
  const headers = { "Last-Event-ID": tag.slice(1, -1) };
  const { body } = await fetch(`${base}/tasks/events`, { headers });
  let text = "";
  for await (const part of body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    const [, event] = /event: (\w+)\n/.exec(text) ?? [];
    if (event !== undefined) return event;
  }
  throw new Error(`The stream ended: ${text}`);
}

Deno.test("restore replaces no file that a server has open, and none by what is no backup", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  await using open = await openTasks(path);
  assertEquals(await runTask("backup", path, copy), "");
  const text = `${folder}/text`;
  await Deno.writeTextFile(text, "This is a text. ".repeat(1000));

  const failures = [
    await runTask("backup", path, copy),
    await runTask("restore", path, copy),
    await runTask("restore", path, text),
    await runTask("restore", ":memory:", copy),
    await runTask("backup", path),
  ];

  assertEquals(failures.map((text) => text.replaceAll(folder, "")), [
    "Cannot back up: /copy.sqlite3 exists already: name a new file\n",
    "Cannot restore: a process has /tasks.sqlite3 open: stop the server first\n",
    "Cannot restore: file is not a database\n",
    "Cannot restore: KV_PATH is not a file\n",
    "Cannot back up: name a file, as in: deno task backup backup.sqlite3\n",
  ]);
  await open.tasks.create(FIELDS);
  await open[Symbol.asyncDispose]();
  const names = await Array.fromAsync(Deno.readDir(folder), ({ name }) => name);
  assertEquals(names.sort(), ["copy.sqlite3", "tasks.sqlite3", "text"]);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a copy of the file alone lacks what was written last", async () => {
  const folder = await Deno.makeTempDir();
  const [path, copy] = [`${folder}/tasks.sqlite3`, `${folder}/copy.sqlite3`];
  await using open = await openTasks(path);
  const { value: { id } } = await open.tasks.create(FIELDS);

  await Deno.copyFile(path, copy);

  // It may open or not. What was acknowledged is not in it.
  await assertRejects(async () => {
    await using copied = await openTasks(copy);
    if (await copied.tasks.get(id) === null) throw new Error("it is not there");
  });
  await open[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

const FIELDS = fieldsOf({ description: "x".repeat(1000) });

/** Creates, changes and deletes until it is stopped; returns what it has kept. */
async function write(
  tasks: Collection<TaskFields>,
  written: string[],
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const { value: { id } } = await tasks.create(FIELDS);
    await tasks.update(id, patch({ done: true }));
    written.push(id);
    await tasks.delete((await tasks.create(FIELDS)).value.id);
  }
}

/** Runs a task with its permissions. Resolves to what it prints to stderr. */
async function runTask(
  task: "backup" | "restore",
  path: string,
  ...files: string[]
): Promise<string> {
  const args = deno.tasks[task].command.split(" ").slice(1);
  const { stderr } = await new Deno.Command(Deno.execPath(), {
    args: [...args, ...files],
    env: { ...UNSET, KV_PATH: path, NO_COLOR: "1" },
  }).output();
  return new TextDecoder().decode(stderr);
}
