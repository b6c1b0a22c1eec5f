import { assert, assertEquals, assertRejects } from "@std/assert";
import { type ChangeFeed, createChangeFeed } from "../../store/change_feed.ts";
import type { AnyFields } from "../../store/layout.ts";
import { type KvHandles, openKv } from "../../store/open_kv.ts";
import {
  type Change,
  type Changes,
  StoreError,
} from "../../store/collection.ts";
import { creationOf, LAYOUT, taskOf, writeAll } from "./writes.ts";

import type { Body } from "../../store/call.ts";
type Call = <T>(body: () => Promise<T>) => Promise<T>;

const NEVER = new AbortController().signal;

Deno.test("a change feed reads the log once for those who are equally far", async () => {
  using kv = await openBegun();
  let readings = 0;
  await using feed = openFeed(kv, (body) => {
    readings++;
    return body();
  }, 1000);
  const followers = await Promise.all(
    Array.from({ length: 100 }, () => feed.follow({ signal: NEVER })),
  );
  readings = 0;

  const first = followers.map(readFirst);
  const version = await write(kv);

  for (const change of await Promise.all(first)) {
    assertEquals(change?.id, version);
  }
  // When they begin, when the watch begins, and when it reports the change.
  assert(readings <= 3, `${readings} readings`);
});

Deno.test("a change feed gives no reading that began before the news", async () => {
  using memory = await openBegun();
  let tell!: () => void;
  const news = new ReadableStream({
    start: (controller) => void (tell = () => controller.enqueue(null)),
  });
  const gate = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  let readings = 0;
  const kv = watchedBy(memory, () => news);
  await using feed = openFeed(kv, async (body) => {
    const result = await body();
    if (Array.isArray(result) && ++readings === 2) {
      held.resolve();
      await gate.promise;
    }
    return result;
  }, 1000);
  const [waiting, reading] = [
    await feed.follow({ signal: NEVER }),
    await feed.follow({ signal: NEVER }),
  ];
  const first = readFirst(waiting);
  while (readings === 0) await feed.follow({ signal: NEVER });
  // Once more: by then the first reading cannot be shared any longer.
  await feed.follow({ signal: NEVER });
  const second = readFirst(reading);
  await held.promise;

  const version = await write(kv);
  tell();

  // It does not share what the other one has been reading since before.
  assertEquals((await first)?.id, version);
  gate.resolve();
  assertEquals((await second)?.id, version);
});

Deno.test("a change feed looks again and again where the watch is not told", async () => {
  using memory = await openBegun();
  const kv = watchedBy(memory, () => new ReadableStream(), true);
  await using feed = openFeed(kv, (body) => body(), 1);
  const changes = await feed.follow({ signal: NEVER });

  const first = readFirst(changes);
  const version = await write(kv);

  assertEquals((await first)?.id, version);
});

Deno.test("a change feed renews a watch that failed", async () => {
  using memory = await openBegun();
  let watches = 0;
  const kv = watchedBy(memory, () => {
    if (++watches === 1) throw new Error("cut off");
    return memory.read.watch([LAYOUT.rev]);
  });
  await using feed = openFeed(kv, (body) => body(), 1);
  const first = readFirst(await feed.follow({ signal: NEVER }));

  const version = await write(kv);

  assertEquals((await first)?.id, version);
  assertEquals(watches, 2);
});

Deno.test("a change feed closes while its watch fails", async () => {
  using memory = await openBegun();
  const failed = Promise.withResolvers<void>();
  const kv = watchedBy(memory, () => {
    failed.resolve();
    return new ReadableStream({
      start: (controller) => controller.error(new Error("cut off")),
    });
  });
  const feed = openFeed(kv, (body) => body(), 1);
  await feed.follow({ signal: NEVER });

  await failed.promise;
  await feed[Symbol.asyncDispose]();
});

Deno.test("a change feed passes on why the log cannot be read", async () => {
  using kv = await openBegun();
  let fails = false;
  await using feed = openFeed(
    kv,
    (body) => fails ? Promise.reject(new Error("cut off")) : body(),
    1000,
  );
  const changes = await feed.follow({ signal: NEVER });
  fails = true;

  await assertRejects(() => readFirst(changes), Error, "cut off");
  fails = false;
  const version = await write(kv);
  const { from: after } = changes;
  const again = await feed.follow({ after, signal: NEVER });
  assertEquals((await readFirst(again))?.id, version);
});

Deno.test("a change feed continues when the store responds again", async () => {
  using memory = await openBegun();
  const kv = watchedBy(memory, () => new ReadableStream(), true);
  const silent = new StoreError("unavailable", "no response");
  const refused = Promise.withResolvers<void>();
  let fails = false;
  await using feed = openFeed(kv, (body) => {
    if (!fails) return body();
    refused.resolve();
    return Promise.reject(silent);
  }, 1);
  const changes = await feed.follow({ signal: NEVER });
  fails = true;

  const first = readFirst(changes);
  const version = await write(kv);
  await refused.promise;
  fails = false;

  assertEquals((await first)?.id, version);
});

Deno.test("a change feed ends quietly when it closes during a reading", async () => {
  using kv = await openBegun();
  const { promise: reading, reject } = Promise.withResolvers<never>();
  let isOpen = true;
  const feed = openFeed(
    kv,
    (body) => isOpen ? body() : reading,
    1000,
  );
  const changes = await feed.follow({ signal: NEVER });
  isOpen = false;

  const first = readFirst(changes);
  await feed[Symbol.asyncDispose]();
  reject(new StoreError("unavailable", "closed"));

  assertEquals(await first, undefined);
});

/** Opens a database whose log has its first row. */
async function openBegun(): Promise<KvHandles> {
  const kv = await openKv(":memory:", 1000);
  await write(kv, "1");
  return kv;
}

/** Opens a feed whose readings a test may hold, fail or count. */
function openFeed(kv: KvHandles, call: Call, pollMs: number): ChangeFeed {
  const toRead = <T>(body: Body<T>): Promise<T> =>
    call(() => body(NEVER) as Promise<T>);
  return createChangeFeed({ ...kv, toRead }, LAYOUT, pollMs);
}

/** Creates a task. */
async function write(kv: KvHandles, id = "7"): Promise<string> {
  const [version] = await writeAll(kv.write, [creationOf(taskOf({ id }))]);
  return version!;
}

async function readFirst(
  changes: Changes<AnyFields>,
): Promise<Change<AnyFields> | undefined> {
  for await (const change of changes) return change;
}

/** The same database with another watch. */
function watchedBy(
  kv: KvHandles,
  watch: () => ReadableStream,
  shared = false,
): KvHandles {
  const read = new Proxy(kv.read, {
    get(target, name): unknown {
      if (name === "watch") return watch;
      const value = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
  return { ...kv, read, shared, [Symbol.dispose]: () => {} };
}
