/** What clients of the API see while a KV Connect server fails, and afterwards. */

import { assert, assertEquals, assertRejects } from "@std/assert";
import { openDatabase } from "../../../store/database.ts";
import { openApp, type TestApp } from "../../../tests/app.ts";
import {
  type OpenTasks,
  openTasks,
  type Task,
  type TaskChange as Change,
  verifyTasks,
} from "../../../tests/store/tasks.ts";
import { type Fault, KvServer, TOKEN } from "./kv_server.ts";

/** Each outage, and how it begins. */
const OUTAGES: Record<string, (server: KvServer) => unknown> = {
  "does not respond": (server) => server.fault = () => "hang",
  "responds with 500": (server) => server.fault = () => "fail",
  "takes a minute for each response": (server) => server.fault = () => 60_000,
  "loses each response": (server) => server.fault = () => "lose",
  "cuts each response off": (server) => server.fault = () => "cut",
  "is gone": (server) => server.hangUp(),
};

for (const [state, begin] of Object.entries(OUTAGES)) {
  Deno.test(`the API responds with 503 while its store ${state}, and recovers afterwards`, async () => {
    await using world = await World.open({ storeTimeoutMs: 300 });
    const { app, server } = world;
    const before = await create(app, "before");
    assertEquals(before.status, 201);
    const path = before.headers.get("Location")!;

    await begin(server);
    const refused = await Promise.all([
      create(app, "during"),
      app.send("PATCH", path, { done: true }),
      app.fetch(path, { method: "DELETE" }),
      app.fetch(path),
      app.fetch("/tasks"),
      app.fetch("/tasks/events"),
      app.fetch("/readyz"),
    ]);
    const alive = await app.fetch("/healthz");
    await world.heal();
    const ready = await app.fetch("/readyz");
    const after = await create(app, "after");

    for (const { status, headers } of refused) {
      assertEquals([status, headers.get("Retry-After")], [503, "1"]);
    }
    assertEquals([alive.status, ready.status, after.status], [200, 200, 201]);
    const known = await world.check();
    assertEquals(known.filter((title) => title === "after"), ["after"]);
  });
}

Deno.test("the API writes once, and returns 201, when responses get lost", async () => {
  await using world = await World.open();
  const { app, server } = world;
  const from = await world.now();
  // The client repeats a call without a response, and its second try gets one.
  server.fault = (call, nth) =>
    call === "atomic_write" && nth % 2 === 0 ? "lose" : undefined;

  for (const number of Array(10).keys()) {
    const created = await create(app, `task ${number}`);
    assertEquals(created.status, 201);
    const path = created.headers.get("Location")!;
    const changed = await app.send("PATCH", path, { done: true }, {
      "If-Match": created.headers.get("ETag")!,
    });
    assertEquals(changed.status, 200);
    if (number % 2 === 1) continue;
    const deleted = await app.fetch(path, {
      method: "DELETE",
      headers: { "If-Match": changed.headers.get("ETag")! },
    });
    assertEquals(deleted.status, 204);
  }

  await world.heal();
  assertEquals((await world.check()).length, 5);
  assertEquals(countOf(await world.changes(25, from)), {
    created: 10,
    updated: 10,
    deleted: 5,
  });
});

Deno.test("the API creates once for an Idempotency-Key, whatever happens to the responses", async () => {
  await using world = await World.open({ storeTimeoutMs: 1000 });
  const { app, server } = world;
  const from = await world.now();
  const faults: Fault[] = ["lose", "cut", "fail", "hang", 5];
  let calls = 0;
  server.fault = (call) =>
    call !== "metadata" && ++calls % 5 === 0
      ? faults[calls / 5 % faults.length]
      : undefined;
  const statuses = new Set<number>();

  await Promise.all(Array.from({ length: 8 }, async (_, number) => {
    for (;;) {
      const { status, body } = await create(app, `task ${number}`, number);
      await body?.cancel();
      statuses.add(status);
      if (status === 201) return;
    }
  }));

  await world.heal();
  assertEquals([...statuses].filter((it) => it !== 201 && it !== 503), []);
  assertEquals((await world.check()).length, 8);
  assertEquals(countOf(await world.changes(8, from)), { created: 8 });
});

Deno.test("the API does not begin a write whose request has ended", async () => {
  await using world = await World.open({ storeTimeoutMs: 100 });
  const { app, server } = world;
  // Reads come before a write: they are late, and then they do come.
  server.fault = (call) => call === "snapshot_read" ? 150 : undefined;
  const writes = server.calls.filter((call) => call === "atomic_write").length;

  assertEquals((await create(app, "late", 1)).status, 503);
  await world.heal();
  assertEquals((await app.fetch("/readyz")).status, 200);
  assertEquals(await world.check(), []);

  assertEquals(
    server.calls.filter((call) => call === "atomic_write").length,
    writes,
  );
});

Deno.test("an outage leaves a bounded number of calls behind", async () => {
  await using world = await World.open({ storeTimeoutMs: 100 });
  const { app, server } = world;
  server.fault = () => "hang";
  const calls = server.calls.length;

  for (const _ of Array(10).keys()) {
    const responses = await Promise.all(
      Array.from({ length: 60 }, () => app.fetch("/tasks")),
    );
    assert(responses.every(({ status }) => status === 503));
  }
  const asked = server.calls.length - calls;
  await world.heal();

  // 120 until the limit is known, and one in each round after it.
  assert(asked <= 120 + 8, `${asked} calls`);
  assertEquals((await app.fetch("/tasks")).status, 200);
  const responses = await Promise.all(
    Array.from({ length: 60 }, () => app.fetch("/tasks")),
  );
  assert(responses.every(({ status }) => status === 200));
});

Deno.test("a subscriber gets each event once, in order, whatever happens to the connection", async () => {
  await using world = await World.open();
  const { app, server } = world;
  const following = world.changes(40, await world.now());

  for (const number of Array(40).keys()) {
    if (number % 10 === 5) server.breakConnections();
    assertEquals((await create(app, `task ${number}`)).status, 201);
  }

  const titles = (await following).map((change) =>
    change.event === "created" ? change.value.title : change.event
  );
  assertEquals(
    titles,
    Array.from({ length: 40 }, (_, number) => `task ${number}`),
  );
});

Deno.test("a subscriber gets an event though the watch reports nothing", async () => {
  await using world = await World.open();
  world.server.fault = (call) => call === "watch" ? "hang" : undefined;
  const { signal } = new AbortController();
  const changes = await world.open.tasks.changes({ signal });

  const next = changes[Symbol.asyncIterator]().next();
  await create(world.app, "unseen");

  assertEquals((await next).value?.event, "created");
});

Deno.test("the start reports in one sentence that the server does not respond, or rejects the token", async () => {
  await using server = await KvServer.start();
  server.fault = () => "hang";
  Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);

  await assertRejects(
    () => openDatabase(server.url, { timeoutMs: 100 }),
    Error,
    `Cannot open the store at "${server.url}": `,
  );
  server.fault = () => undefined;
  Deno.env.set("DENO_KV_ACCESS_TOKEN", "another token");
  const error = await assertRejects(
    () => openDatabase(server.url, { timeoutMs: 5000 }),
    Error,
    `Cannot open the store at "${server.url}": `,
  );
  assertEquals(error.message.split("\n").length, 1);
});

/** The API on its own server, and the same store beside it. */
class World implements AsyncDisposable {
  readonly server: KvServer;
  readonly app: TestApp;
  readonly open: OpenTasks;

  private constructor(server: KvServer, app: TestApp, open: OpenTasks) {
    this.server = server;
    this.app = app;
    this.open = open;
  }

  static async open({ storeTimeoutMs = 5000 } = {}): Promise<World> {
    Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);
    const server = await KvServer.start();
    const open = await openTasks(server.url, { pollMs: 100 });
    const app = await openApp({ kvPath: server.url, storeTimeoutMs });
    return new World(server, app, open);
  }

  /** Ends whatever is wrong. */
  async heal(): Promise<void> {
    this.server.fault = () => undefined;
    await this.server.listen();
  }

  /** Sees to it that nothing is broken, or there twice, and lists the titles. */
  async check(): Promise<string[]> {
    assertEquals(await verifyTasks(this.server.url), []);
    const { items, next } = await this.open.tasks.list({}, { limit: 100 });
    const titles = items.map(({ title }: Task) => title);
    assertEquals([titles.length, next], [new Set(titles).size, null]);
    return titles;
  }

  /** Resolves to the last change. */
  async now(): Promise<string> {
    const { from } = await this.open.tasks.changes({
      signal: AbortSignal.abort(),
    });
    return from;
  }

  /** Takes so many changes. */
  async changes(count: number, after: string): Promise<Change[]> {
    const stop = new AbortController();
    const changes = await this.open.tasks.changes({
      after,
      signal: stop.signal,
    });
    const taken: Change[] = [];
    for await (const change of changes) {
      if (taken.push(change) === count) stop.abort();
    }
    return taken;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Calls that are still under way get their responses, and are not repeated.
    await this.heal();
    this.server.breakConnections();
    await this.open.database.ping();
    await this.app[Symbol.asyncDispose]();
    await this.open[Symbol.asyncDispose]();
    await this.server[Symbol.asyncDispose]();
  }
}

function create(app: TestApp, title: string, key?: number): Promise<Response> {
  const headers = key === undefined ? {} : { "Idempotency-Key": `"${key}"` };
  return app.send("POST", "/tasks", { title }, headers);
}

function countOf(changes: readonly Change[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { event } of changes) counts[event] = (counts[event] ?? 0) + 1;
  return counts;
}
