import {
  assert,
  assertEquals,
  assertGreater,
  assertRejects,
} from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { requestState } from "../../../http/request_state.ts";
import { type App, createApp } from "../../../main.ts";
import { compose } from "../../../middleware/compose.ts";
import { errors } from "../../../middleware/errors.ts";
import { router } from "../../../routes/router.ts";
import { resourceRoutes } from "../../../routes/resource.ts";
import { tasks } from "../../../routes/tasks.ts";
import type { Infer } from "../../../http/schema.ts";
import {
  type Change,
  type Collection,
  StoreError,
  type Value,
} from "../../../store/collection.ts";
import { openApp, type TestApp } from "../../app.ts";
import { assertProblem } from "../../assert_problem.ts";

type Fields = Infer<typeof tasks.schema>;
type Task = Value<Fields>;
type TaskChange = Change<Fields>;
type ChangesOptions = Parameters<Collection<Fields>["changes"]>[0];

/** What stands between two blank lines of a stream. */
interface Block {
  id?: string;
  event?: string;
  data?: string;
  retry?: string;
  comment?: string;
}

/** Reads a stream of events as browsers do (HTML, 9.2.6). */
class Events implements AsyncDisposable {
  /** What a client sends in `Last-Event-ID` when it connects again. */
  lastId = "";
  readonly #reader: ReadableStreamDefaultReader<string>;
  #text = "";

  constructor(response: Response) {
    assertEquals(response.status, 200);
    assertEquals(response.headers.get("Content-Type"), "text/event-stream");
    assertEquals(response.headers.get("Cache-Control"), "no-store");
    this.#reader = response.body!.pipeThrough(new TextDecoderStream())
      .getReader();
  }

  /** Waits for the next block, or for the end. */
  async block(): Promise<Block | undefined> {
    for (;;) {
      const end = this.#text.indexOf("\n\n");
      if (end !== -1) {
        const lines = this.#text.slice(0, end).split("\n");
        this.#text = this.#text.slice(end + 2);
        return Object.fromEntries(lines.map(fieldOf));
      }
      const { value, done } = await this.#reader.read();
      if (done) return undefined;
      this.#text += value;
    }
  }

  /** Waits for the next event, or for the end. */
  async next(): Promise<{ id: string; event: string; data: unknown }> {
    for (;;) {
      const block = await this.block();
      if (block === undefined) throw new Error("The stream has ended");
      this.lastId = block.id ?? this.lastId;
      if (block.data === undefined) continue;
      return {
        id: this.lastId,
        event: block.event ?? "message",
        data: JSON.parse(block.data),
      };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reader.cancel();
  }
}

function fieldOf(line: string): [string, string] {
  const [, name, value] = /^([^:]*): ?(.*)$/.exec(line)!;
  return [name === "" ? "comment" : name!, value!];
}

async function connect(app: TestApp, lastId?: string): Promise<Events> {
  const headers = lastId === undefined ? {} : { "Last-Event-ID": lastId };
  return new Events(await app.fetch("/tasks/events", { headers }));
}

async function write(
  app: TestApp,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ task: Task; version: string }> {
  const response = await app.send(method, path, body);
  assert(response.ok, `${method} ${path}`);
  return {
    task: method === "DELETE" ? undefined : await response.json(),
    version: response.headers.get("ETag")?.slice(1, -1) ?? "",
  };
}

Deno.test("GET /tasks/events sends each change, in order, with its number", async () => {
  await using app = await openApp();
  const before = await write(app, "POST", "/tasks", { title: "Before" });
  await using events = await connect(app);

  const one = await write(app, "POST", "/tasks", { title: "Write\nand read" });
  const path = `/tasks/${one.task.id}`;
  const two = await write(app, "PATCH", path, { done: true });
  await write(app, "PATCH", path, {});
  await write(app, "DELETE", path);

  assertEquals(await events.next(), {
    id: one.version,
    event: "created",
    data: one.task,
  });
  assertEquals(await events.next(), {
    id: two.version,
    event: "updated",
    data: two.task,
  });
  const { id, ...last } = await events.next();
  assertEquals(last, { event: "deleted", data: { id: one.task.id } });
  assertGreater(two.version, one.version);
  assertGreater(id, two.version);
  assertGreater(one.version, before.version);
});

Deno.test("GET /tasks/events continues after Last-Event-ID, with no change lost or repeated", async () => {
  await using app = await openApp();
  const versions: string[] = [];
  for (const title of ["One", "Two", "Three"]) {
    versions.push((await write(app, "POST", "/tasks", { title })).version);
  }

  for (const [index, version] of [...versions.entries()]) {
    await using events = await connect(app, version);
    const missed = versions.slice(index + 1);
    for (const id of missed) assertEquals((await events.next()).id, id);

    const fresh = await write(app, "POST", "/tasks", { title: "Fresh" });
    assertEquals((await events.next()).id, fresh.version);
    versions.push(fresh.version);
  }
});

Deno.test("GET /tasks/events misses nothing for a client that leaves before the first event", async () => {
  await using app = await openApp();
  let lastId: string;
  {
    await using events = await connect(app);
    const first = await events.block();
    lastId = first!.id!;
    assertEquals(first, { id: lastId, retry: "1000" });
  }

  const { version } = await write(app, "POST", "/tasks", { title: "Write" });

  await using events = await connect(app, lastId);
  assertEquals((await events.next()).id, version);
});

Deno.test("GET /tasks/events sends reset where the log does not reach back to Last-Event-ID, and continues", async () => {
  await using app = await openApp();
  const newest = await write(app, "POST", "/tasks", { title: "Write" });

  for (const unknown of ["0".repeat(20), "f".repeat(20)]) {
    await using events = await connect(app, unknown);

    assertEquals((await events.next()).event, "reset");
    assertEquals(events.lastId >= newest.version, true);
    const { version } = await write(app, "POST", "/tasks", { title: "Read" });
    assertEquals((await events.next()).id, version);
  }
});

for (
  const id of ["x", "", "0", "0".repeat(21), "F".repeat(20), "\u00e9", "null"]
) {
  Deno.test(`GET and HEAD /tasks/events respond with 400 for Last-Event-ID: ${id}`, async () => {
    await using app = await openApp();

    for (const method of ["GET", "HEAD"]) {
      const headers = { "Last-Event-ID": id };
      const response = await app.fetch("/tasks/events", { method, headers });
      await assertProblem(response, 400, "invalid-header", {
        "Last-Event-ID":
          "Must be the id of an event, 20 or 22 hex digits, or be left out",
      });
    }
  });
}

Deno.test("HEAD /tasks/events responds with the headers alone", async () => {
  await using app = await openApp();

  const response = await app.fetch("/tasks/events", { method: "HEAD" });

  assertEquals([response.status, await response.text()], [200, ""]);
  assertEquals(response.headers.get("Content-Type"), "text/event-stream");
  // It has no length.
  assertEquals(response.headers.get("Content-Length"), null);
});

Deno.test("GET /tasks/events ends when the app begins to stop", async () => {
  await using app = await openApp();
  await using one = await connect(app);
  await using two = await connect(app);
  await write(app, "POST", "/tasks", { title: "Write" });
  await one.next();

  app.stop();

  assertEquals(await one.block(), undefined);
  // This one has the beginning and an event on their way. Then it ends too.
  while (await two.block());
  await using late = await connect(app);
  while (await late.block());
});

Deno.test("GET /tasks/events leaves nothing behind of clients that go away", async () => {
  // The sanitizers look for timers and readings that stay.
  await using app = await openApp();
  const first = await write(app, "POST", "/tasks", { title: "Write" });

  for (const lastId of [undefined, first.version, "0".repeat(20)]) {
    const asked = await connect(app, lastId);
    await asked[Symbol.asyncDispose]();

    const waiting = await connect(app, lastId);
    await waiting.block();
    const never = waiting.next().catch(() => {});
    await waiting[Symbol.asyncDispose]();
    await never;
  }
});

Deno.test("GET /tasks/events sends each change once and in order, to clients that stay and to those that reconnect", async () => {
  await using app = await openApp();
  await using steady = await connect(app);
  const start = (await steady.block())!.id!;
  const writers = 4;
  const rounds = 12;

  async function writeAll(writer: number): Promise<void> {
    for (let round = 0; round < rounds; round++) {
      const title = `${writer}.${round}`;
      const { task } = await write(app, "POST", "/tasks", { title });
      const path = `/tasks/${task.id}`;
      await write(app, "PATCH", path, { done: true });
      await write(app, "DELETE", path);
    }
  }

  type Seen = Awaited<ReturnType<Events["next"]>>;
  const total = writers * rounds * 3;

  async function readAll(events: Events): Promise<Seen[]> {
    const seen: Seen[] = [];
    while (seen.length < total) seen.push(await events.next());
    return seen;
  }

  async function readInParts(most: number): Promise<Seen[]> {
    const seen: Seen[] = [];
    let lastId = start;
    while (seen.length < total) {
      await using events = await connect(app, lastId);
      const wanted = Math.min(most, total - seen.length);
      for (let read = 0; read < wanted; read++) seen.push(await events.next());
      lastId = events.lastId;
    }
    return seen;
  }

  const [all, ...others] = await Promise.all([
    readAll(steady),
    readInParts(1),
    readInParts(7),
    readInParts(50),
    ...Array.from({ length: writers }, (_, writer) => writeAll(writer)),
  ]) as [Seen[], Seen[], Seen[], Seen[]];

  const ids = all.map(({ id }) => id);
  assertEquals(ids, [...new Set(ids)].sort());
  const ofTask = Object.groupBy(all, ({ data }) => (data as Task).id);
  assertEquals(Object.keys(ofTask).length, writers * rounds);
  for (const changes of Object.values(ofTask)) {
    assertEquals(
      changes!.map(({ event }) => event),
      ["created", "updated", "deleted"],
    );
  }
  for (const seen of others.slice(0, 3)) assertEquals(seen, all);
});

/** Opens streams at the same time, each with the address of its client. */
function openStreams(
  { fetch }: App,
  clients: readonly string[],
): Promise<Response[]> {
  return Promise.all(clients.map((client) => {
    const request = new Request("http://localhost/tasks/events");
    requestState(request).client = client;
    return fetch(request);
  }));
}

function statusesOf(responses: readonly Response[]): Record<string, number> {
  const byStatus = Object.groupBy(responses, ({ status }) => status);
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, of]) => [status, of!.length]),
  );
}

async function cancelAll(responses: readonly Response[]): Promise<void> {
  for (const { body } of responses) await body!.cancel();
}

Deno.test("GET /tasks/events opens 1,000 of 2,000 parallel streams, and another when one ends", async () => {
  await using app = await createApp();
  const clients = Array.from({ length: 2_000 }, (_, index) => `${index % 8}`);

  const responses = await openStreams(app, clients);
  const [open, refused] = [
    responses.filter(({ ok }) => ok),
    responses.filter(({ ok }) => !ok),
  ];
  await open.pop()!.body!.cancel();
  const next = await openStreams(app, ["9"]);

  assertEquals(statusesOf(responses), { 200: 1_000, 503: 1_000 });
  assertEquals(refused[0]!.headers.get("Retry-After"), "10");
  assertEquals(statusesOf(next), { 200: 1 });
  await cancelAll([...open, ...refused, ...next]);
});

Deno.test("GET /tasks/events opens 250 streams for one address, and others for another", async () => {
  await using app = await createApp();

  const responses = await openStreams(app, Array(300).fill("192.0.2.1"));
  const others = await openStreams(app, ["192.0.2.2"]);

  assertEquals(statusesOf(responses), { 200: 250, 503: 50 });
  assertEquals(statusesOf(others), { 200: 1 });
  await cancelAll([...responses, ...others]);
});

// A store that is unavailable, does not respond, or never stops

interface FakeOptions {
  changes: (options: ChangesOptions) => Promise<AsyncIterable<TaskChange>>;
  heartbeatMs?: number;
  stopping?: AbortSignal;
}

function serveFake(options: FakeOptions): Promise<Response> {
  const { heartbeatMs, stopping = new AbortController().signal } = options;
  const store = {
    changes: async (asked: ChangesOptions) =>
      Object.assign(await options.changes(asked), { from: "0".repeat(20) }),
  } as unknown as Collection<Fields>;
  const serve = compose(
    [errors({ report: () => {} })],
    router(
      resourceRoutes(tasks, store, {
        stopping,
        ...(heartbeatMs !== undefined && { heartbeatMs }),
      }),
    ),
  );
  return serve(new Request("http://localhost/tasks/events"));
}

/** Follows what never changes, until the signal aborts. */
// deno-lint-ignore require-yield
async function* silence(
  { signal }: ChangesOptions,
): AsyncGenerator<TaskChange, void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}

Deno.test("GET /tasks/events sends a comment every 15 seconds, not before", async () => {
  using time = new FakeTime();
  const { readable, writable } = new TransformStream<TaskChange, TaskChange>();
  const writer = writable.getWriter();
  await using events = new Events(
    await serveFake({ changes: () => Promise.resolve(readable) }),
  );
  assertEquals((await events.block())?.retry, "1000");

  for (let round = 0; round < 3; round++) {
    // What is sent a millisecond before comes first.
    await time.tickAsync(14_999);
    writer.write({ id: `${round}`, event: "deleted", valueId: "1" });
    assertEquals((await events.block())?.id, `${round}`);
    await time.tickAsync(1);
    assertEquals(await events.block(), { comment: "" });
  }
});

Deno.test("GET /tasks/events sends no more comments after its end", async () => {
  using time = new FakeTime();
  const stop = new AbortController();
  const events = new Events(
    await serveFake({
      heartbeatMs: 5,
      stopping: stop.signal,
      changes: (options) => Promise.resolve(silence(options)),
    }),
  );
  await events.block();
  const block = events.block();
  await time.tickAsync(5);
  assertEquals(await block, { comment: "" });

  stop.abort();

  assertEquals(await events.block(), undefined);
  await time.tickAsync(50);
});

Deno.test("GET /tasks/events responds with 503 with Retry-After while the store is unavailable", async () => {
  const response = await serveFake({
    changes: () =>
      Promise.reject(new StoreError("unavailable", "Cannot reach the store")),
  });

  assertEquals(response.status, 503);
  assertEquals(response.headers.get("Retry-After"), "1");
  assertEquals((await response.json()).type, "/problems/unavailable");
});

Deno.test("GET /tasks/events ends when the store fails, and rejects unhandled", async () => {
  const error = new RangeError("could not deserialize value");
  // deno-lint-ignore require-yield
  async function* failing(): AsyncGenerator<TaskChange, void> {
    throw error;
  }
  const { promise: unhandled, resolve } = Promise.withResolvers<unknown>();
  addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    resolve(event.reason);
  }, { once: true });
  const response = await serveFake({
    changes: () => Promise.resolve(failing()),
  });

  assertEquals(await response.text(), `retry: 1000\nid: ${"0".repeat(20)}\n\n`);
  assertEquals(await unhandled, error);
});

Deno.test("GET /tasks/events ends its iteration when the client is gone", async () => {
  const told = Promise.withResolvers<void>();
  const response = await serveFake({
    changes: (options) => {
      options.signal.addEventListener("abort", () => told.resolve());
      return Promise.resolve(silence(options));
    },
  });
  const events = new Events(response);
  await events.block();

  await events[Symbol.asyncDispose]();

  await told.promise;
});

Deno.test("GET /tasks/events reads no further than its client, and disconnects one that reads nothing", async () => {
  using time = new FakeTime();
  let told = 0;
  const ended = Promise.withResolvers<void>();
  async function* endless(): AsyncGenerator<TaskChange, void> {
    try {
      for (;;) {
        told++;
        const id = String(told).padStart(20, "0");
        yield { id, event: "deleted", valueId: "1" };
        await Promise.resolve();
      }
    } finally {
      ended.resolve();
    }
  }
  const response = await serveFake({
    heartbeatMs: 10,
    changes: () => Promise.resolve(endless()),
  });
  const events = new Events(response);
  for (let read = 0; read < 10; read++) await events.next();

  await time.tickAsync(10);
  assert(told < 20, `${told} changes were taken for 10 that were read`);

  // Nothing was read between two heartbeats: the second one gives up.
  await time.tickAsync(10);
  await ended.promise;
  // Without an error of the stream, which Deno would print.
  await assertRejects(
    async () => {
      for (let read = 0; read < 20; read++) await events.next();
    },
    Error,
    "The stream has ended",
  );
});
