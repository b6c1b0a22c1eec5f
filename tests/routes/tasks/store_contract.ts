/** What every store of tasks must do, whatever it is made of. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import {
  type Change,
  type Changes,
  type Stored,
  StoreError,
  type TaskFilter,
  type TaskStore,
} from "../../../routes/tasks/store.ts";
import type { Task, TaskFields } from "../../../routes/tasks/task.ts";

/** A store that a test may do with as it likes. */
export interface StoreFixture extends AsyncDisposable {
  /** The store. Another one, with the same tasks, after `reopen()`. */
  readonly store: TaskStore;
  /** What the store takes for the time, in milliseconds since 1970. */
  now: number;
  /** Closes the store and opens it again, where it can last. */
  reopen(): Promise<void>;
}

/** The fields of a task, with whatever a test cares about. */
export function fieldsOf(fields: Partial<TaskFields> = {}): TaskFields {
  return {
    title: "Write",
    description: "",
    priority: "medium",
    done: false,
    dueOn: null,
    ...fields,
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;
const ABSENT = "01ARYZ6S41TSV4RRFFQ69G5FAV";

const NO_IDS = [
  ABSENT,
  "",
  "1",
  ABSENT.toLowerCase(),
  `${ABSENT}0`,
  "\u0000",
  "\ud800",
  "__proto__",
  "x".repeat(5000),
];

const PATCHES: Partial<TaskFields>[] = [
  { title: "Read" },
  { description: "Löwe 🦁 \ud800 \u0000 " + "ß".repeat(1000) },
  { priority: "low" },
  { priority: "high", done: true },
  { done: true },
  { dueOn: "2026-11-23" },
  { title: "a", description: "b", priority: "low", done: true, dueOn: null },
];

const FILTERS: TaskFilter[] = [
  {},
  { done: true },
  { done: false },
  { priority: "high" },
  { done: true, priority: "low" },
  { done: false, priority: "medium" },
];

/** Registers the tests for one way of opening a store. */
export function testTaskStore(
  name: string,
  open: () => Promise<StoreFixture>,
): void {
  function test(law: string, run: (use: StoreFixture) => Promise<void>): void {
    Deno.test(`a store ${name} ${law}`, async () => {
      await using fixture = await open();
      await run(fixture);
      assertEquals(await fixture.store.verify(), []);
    });
  }

  testSingleTasks(test);
  testRaces(test);
  testRepeatedCreation(test);
  testPages(test);
  testChanges(test);
  testUpkeep(test);
}

type Test = (law: string, run: (use: StoreFixture) => Promise<void>) => void;

function testSingleTasks(test: Test): void {
  test("gives back what was created", async (use) => {
    const fields = fieldsOf({ title: "Löwe 🦁 \ud800", dueOn: "2026-11-23" });

    const { task, version } = await use.store.create(fields);
    await use.reopen();

    assertEquals(await use.store.get(task.id), { task, version });
    assertEquals(task, {
      id: task.id,
      ...fields,
      createdAt: new Date(use.now).toISOString(),
      updatedAt: new Date(use.now).toISOString(),
    });
    assertMatch(version, /^[0-9a-f]{20}$/);
  });

  for (const patch of PATCHES) {
    test(`changes ${Object.keys(patch)} and nothing else`, async (use) => {
      const before = await use.store.create(fieldsOf());
      use.now += 1000;

      const after = await use.store.update(before.task.id, patch);
      await use.reopen();

      const updatedAt = new Date(use.now).toISOString();
      assert(after !== null);
      assertEquals(after.task, { ...before.task, ...patch, updatedAt });
      assert(after.version > before.version);
      assertEquals(await use.store.get(before.task.id), after);
      for (const filter of FILTERS) {
        const { items } = await use.store.list(filter, { limit: 2 });
        assertEquals(items, passes(after.task, filter) ? [after.task] : []);
      }
    });
  }

  test("writes nothing for an empty patch", async (use) => {
    const before = await use.store.create(fieldsOf());
    use.now += 1000;

    assertEquals(await use.store.update(before.task.id, {}), before);
    assertEquals(await use.store.get(before.task.id), before);
  });

  test("deletes a task once, from every list", async (use) => {
    const { task } = await use.store.create(fieldsOf());

    assertEquals(await use.store.delete(task.id), true);
    await use.reopen();

    assertEquals(await use.store.delete(task.id), false);
    assertEquals(await use.store.get(task.id), null);
    for (const filter of FILTERS) {
      const page = await use.store.list(filter, { limit: 2 });
      assertEquals(page, { items: [], next: null });
    }
  });

  test("knows no task by an id that it did not give", async (use) => {
    // There is no version to ask about: whoever asks is told no.
    const never = Set.prototype.has.bind(new Set());
    for (const id of NO_IDS) {
      assertEquals(await use.store.get(id), null);
      assertEquals(await use.store.update(id, { done: true }, never), null);
      assertEquals(await use.store.update(id, {}, never), null);
      assertEquals(await use.store.delete(id, never), false);
    }
  });

  test("asks before it changes a version", async (use) => {
    const before = await use.store.create(fieldsOf());
    const { task: { id }, version } = before;
    const asked: string[] = [];
    const no = (version: string): boolean => asked.push(version) === 0;

    const errors = [
      await assertRejects(
        () => use.store.update(id, { done: true }, no),
        StoreError,
      ),
      await assertRejects(() => use.store.update(id, {}, no), StoreError),
      await assertRejects(() => use.store.delete(id, no), StoreError),
    ];

    assertEquals(errors.map((error) => [error.code, error.version]), [
      ["version-mismatch", version],
      ["version-mismatch", version],
      ["version-mismatch", version],
    ]);
    assertEquals(asked, [version, version, version]);
    assertEquals(await use.store.get(id), before);
  });

  test("changes the version that it was told", async (use) => {
    const { task: { id }, version } = await use.store.create(fieldsOf());

    const after = await use.store.update(
      id,
      { done: true },
      (is) => is === version,
    );

    assertEquals(after?.task.done, true);
    assertEquals(
      await use.store.delete(id, (is) => is === after?.version),
      true,
    );
  });

  test("passes on what its caller throws", async (use) => {
    const { task: { id } } = await use.store.create(fieldsOf());
    const fail = (): never => {
      throw new RangeError("mine");
    };

    await assertRejects(() => use.store.update(id, {}, fail), RangeError);
  });
}

function testRaces(test: Test): void {
  test("loses no field to racing writers", async (use) => {
    const { task: { id } } = await use.store.create(fieldsOf());
    const patches: Partial<TaskFields>[] = [
      { title: "Read" },
      { description: "More" },
      { priority: "high" },
      { done: true },
      { dueOn: "2026-11-23" },
    ];

    await Promise.all(patches.map((patch) => use.store.update(id, patch)));

    const after = await use.store.get(id);
    for (const patch of patches) {
      assertEquals(after?.task, { ...after!.task, ...patch });
    }
  });

  test("lets one of many writers have a version", async (use) => {
    const { task: { id }, version } = await use.store.create(fieldsOf());
    const matches = (is: string): boolean => is === version;

    const results = await Promise.allSettled(
      Array.from(
        { length: 10 },
        (_, index) =>
          index % 2 === 0
            ? use.store.update(id, { title: `${index}` }, matches)
            : use.store.delete(id, matches),
      ),
    );

    const won = results.filter((result) =>
      result.status === "fulfilled" && result.value
    );
    assertEquals(won.length, 1);
  });

  test("lets one of many delete a task", async (use) => {
    const { task: { id } } = await use.store.create(fieldsOf());

    const results = await Promise.all(
      Array.from({ length: 10 }, () => use.store.delete(id)),
    );

    assertEquals(results.filter(Boolean).length, 1);
  });
}

function testRepeatedCreation(test: Test): void {
  const once = { key: "a key", bodyHash: "a hash" };

  const FATES: Record<string, (use: StoreFixture, id: string) => unknown> = {
    "at once": () => {},
    "after the task was changed": ({ store }, id) =>
      store.update(id, { title: "Read" }),
    "after the task was deleted": ({ store }, id) => store.delete(id),
    "a moment before a day is over": (use) => use.now += DAY_MS - 1,
    "after a sweep": (use) => {
      use.now += DAY_MS - 1;
      return use.store.sweep();
    },
  };
  for (const [when, happen] of Object.entries(FATES)) {
    test(`gives the first answer again ${when}`, async (use) => {
      const first = await use.store.create(fieldsOf(), once);
      await happen(use, first.task.id);
      const before = await use.store.list({}, { limit: 9 });
      await use.reopen();

      const second = await use.store.create(fieldsOf(), once);

      assertEquals(JSON.stringify(second), JSON.stringify(first));
      assertEquals(await use.store.list({}, { limit: 9 }), before);
    });
  }

  test("creates anew after a day, or by another key", async (use) => {
    const first = await use.store.create(fieldsOf(), once);
    const other = await use.store.create(fieldsOf(), { ...once, key: "b" });
    use.now += DAY_MS;
    const later = await use.store.create(fieldsOf(), once);
    const again = await use.store.create(fieldsOf(), once);

    assertNotEquals(other.task.id, first.task.id);
    assertNotEquals(later.task.id, first.task.id);
    assertEquals(again, later);
  });

  test("refuses a key that came with another body", async (use) => {
    await use.store.create(fieldsOf(), once);

    const error = await assertRejects(
      () => use.store.create(fieldsOf(), { ...once, bodyHash: "other" }),
      StoreError,
    );

    assertEquals(error.code, "key-reused");
    assertEquals((await use.store.list({}, { limit: 9 })).items.length, 1);
  });

  test("makes one task of ten equal creations", async (use) => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => use.store.create(fieldsOf(), once)),
    );

    assertEquals(new Set(answers.map((it) => JSON.stringify(it))).size, 1);
    assertEquals((await use.store.list({}, { limit: 9 })).items.length, 1);
  });
}

function testPages(test: Test): void {
  test("lists newest first, in pages of any size, by any filter", async (use) => {
    const all = await createMany(use.store, 12);
    await use.reopen();

    for (const filter of FILTERS) {
      const expected = all.filter((task) => passes(task, filter));
      for (const limit of [1, 2, 3, 4, 11, 12, 13, 100]) {
        const pages = await readPages(use.store, filter, limit);
        assertEquals(pages.flat(), expected);
        assertEquals(pages.length, Math.ceil(expected.length / limit));
      }
    }
  });

  test("goes on behind a task that was deleted", async (use) => {
    const all = await createMany(use.store, 6);
    const { items, next } = await use.store.list({}, { limit: 2 });
    await use.store.delete(next!);

    const rest = await use.store.list({}, { limit: 9, before: next! });

    assertEquals([...items, ...rest.items], all);
  });

  test("skips and repeats nothing while others write", async (use) => {
    const kept = await createMany(use.store, 30);
    const doomed = await createMany(use.store, 30);
    const writing = Promise.all([
      ...doomed.map(({ id }) => use.store.delete(id)),
      ...kept.map(({ id }) => use.store.update(id, { title: "Read" })),
      createMany(use.store, 30),
    ]);

    const seen = (await readPages(use.store, {}, 3)).flat().map(({ id }) => id);
    await writing;

    assertEquals(seen, seen.toSorted().reverse());
    assertEquals(new Set(seen).size, seen.length);
    const ids = kept.map(({ id }) => id);
    assertEquals(seen.filter((id) => ids.includes(id)), ids);
  });
}

function testChanges(test: Test): void {
  test("tells what changes from now on, in order", async (use) => {
    await use.store.create(fieldsOf());
    const stop = new AbortController();
    const changes = await use.store.changes(stop);

    const created = await use.store.create(fieldsOf());
    const { id } = created.task;
    const updated = await use.store.update(id, { done: true });
    await use.store.update(id, {});
    await use.store.delete(id);

    const [first, second, third] = await take(changes, 3);
    assertEquals(first, {
      id: created.version,
      event: "created",
      task: created.task,
    });
    assertEquals(second, {
      id: updated!.version,
      event: "updated",
      task: updated!.task,
    });
    assertEquals(third, { id: third!.id, event: "deleted", taskId: id });
  });

  test("tells what was missed, once, then what changes", async (use) => {
    const first = await use.store.create(fieldsOf());
    const missed = await use.store.create(fieldsOf());
    await use.reopen();

    const { signal } = new AbortController();
    const after = first.version;
    const changes = await use.store.changes({ after, signal });
    const later = await use.store.create(fieldsOf());

    assertEquals(changes.from, after);
    assertEquals((await take(changes, 2)).map(({ id }) => id), [
      missed.version,
      later.version,
    ]);
  });

  test("misses nothing after a connection without any change", async (use) => {
    const { signal } = new AbortController();
    const { from } = await use.store.changes({ signal });
    const { version } = await use.store.create(fieldsOf());

    const changes = await use.store.changes({ after: from, signal });

    assertEquals((await take(changes, 1))[0]?.id, version);
  });

  const UNKNOWN = ["f".repeat(20), "0".repeat(20), "", "x".repeat(5000)];
  test("resets who comes from where its log does not reach", async (use) => {
    const { version } = await use.store.create(fieldsOf());
    const { signal } = new AbortController();
    for (const after of UNKNOWN) {
      const changes = await use.store.changes({ after, signal });
      assertEquals(await take(changes, 1), [{ id: version, event: "reset" }]);
    }
  });

  test("goes on after a reset", async (use) => {
    const { signal } = new AbortController();
    const changes = await use.store.changes({ after: "", signal });
    const iterator = changes[Symbol.asyncIterator]();
    const reset = await iterator.next();
    const { version } = await use.store.create(fieldsOf());
    const next = await iterator.next();

    assertEquals(reset.value?.event, "reset");
    assertEquals(next.value?.id, version);
  });

  test("ends the changes when the signal aborts", async (use) => {
    const stop = new AbortController();
    const waiting = take(await use.store.changes(stop), 1);
    const stopped = await use.store.changes(stop);
    stop.abort();

    assertEquals(await waiting, []);
    assertEquals(await take(stopped, 1), []);
  });

  test("gives no change after the signal aborted", async (use) => {
    const stop = new AbortController();
    const changes = await use.store.changes(stop);
    await createMany(use.store, 2);
    const seen: Change[] = [];
    for await (const change of changes) {
      seen.push(change);
      stop.abort();
    }

    assertEquals(seen.length, 1);
  });

  test("ends the changes when it closes", async (use) => {
    const { signal } = new AbortController();
    const waiting = take(await use.store.changes({ signal }), 1);
    await use.store[Symbol.asyncDispose]();

    assertEquals(await waiting, []);
    await use.reopen();
  });

  test("tells reconnecting followers every change once", async (use) => {
    const { signal } = new AbortController();
    const { from } = await use.store.changes({ signal });
    const followers = [1, 2, 3, 7, 1000].map((patience) =>
      followInPieces(use.store, from, 90, patience)
    );

    const tasks = await createMany(use.store, 30);
    await Promise.all([
      ...tasks.map(({ id }) => use.store.update(id, { done: true })),
      ...tasks.map(({ id }) => use.store.update(id, { title: "Read" })),
    ]);

    const [first, ...others] = await Promise.all(followers);
    const ids = first!.map(({ id }) => id);
    assertEquals(ids, [...new Set(ids)].sort());
    assertEquals(ids.length, 90);
    for (const other of others) assertEquals(other, first);
  });
}

function testUpkeep(test: Test): void {
  test("sweeps what is older than a day, but for the last change", async (use) => {
    const { signal } = new AbortController();
    const { from } = await use.store.changes({ signal });
    await use.store.create(fieldsOf(), { key: "a", bodyHash: "" });
    const { version } = await use.store.create(fieldsOf());
    use.now += DAY_MS + 1;

    // The opening and one creation in the log, and the key.
    assertEquals(await use.store.sweep(), 3);
    assertEquals(await use.store.sweep(), 0);
    await use.reopen();

    assertEquals((await use.store.list({}, { limit: 9 })).items.length, 2);
    const late = await use.store.changes({ after: from, signal });
    assertEquals(await take(late, 1), [{ id: version, event: "reset" }]);
  });

  test("does in batches what is too much for one", async (use) => {
    const { signal } = new AbortController();
    const { from } = await use.store.changes({ signal });
    for (const key of Array(25).keys()) {
      await use.store.create(fieldsOf(), { key: `${key}`, bodyHash: "" });
    }
    const old = await use.store.create(fieldsOf({ priority: "high" }));
    const medium = Array.from({ length: 1000 }, () => fieldsOf());
    await Promise.all(medium.map((fields) => use.store.create(fields)));

    // Few tasks pass both filters: the first page finds none of them.
    const filter: TaskFilter = { done: false, priority: "high" };
    const first = await use.store.list(filter, { limit: 5 });
    const before = first.next!;
    const second = await use.store.list(filter, { limit: 5, before });
    assertEquals(first.items, []);
    assertEquals(second, { items: [old.task], next: null });

    // A follower that was away for long.
    const changes = await use.store.changes({ after: from, signal });
    const seen = await take(changes, 1026);
    assertEquals(new Set(seen.map(({ id }) => id)).size, 1026);

    use.now += DAY_MS + 1;
    const young = { key: "young", bodyHash: "" };
    const { task } = await use.store.create(fieldsOf(), young);
    // How many rows the changes take is the store's own business.
    assert(await use.store.sweep() > 25);
    assertEquals(await use.store.sweep(), 0);
    assertEquals((await use.store.create(fieldsOf(), young)).task, task);
  });

  test("answers a ping", async (use) => {
    await use.store.ping();
  });

  test("is unavailable once it is closed, and closes twice", async (use) => {
    const { store } = use;
    const pending = [store.create(fieldsOf()), store.list({}, { limit: 1 })];
    await store[Symbol.asyncDispose]();
    await store[Symbol.asyncDispose]();
    await Promise.allSettled(pending);

    const error = await assertRejects(() => store.ping(), StoreError);
    assertEquals(error.code, "unavailable");
    await use.reopen();
  });
}

/** Creates tasks of every kind and resolves to them, newest first. */
async function createMany(store: TaskStore, count: number): Promise<Task[]> {
  const stored = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      store.create(fieldsOf({
        title: `Task ${index}`,
        done: index % 2 === 0,
        priority: (["low", "medium", "high"] as const)[index % 3]!,
      }))),
  );
  return stored.map(({ task }: Stored) => task).reverse();
}

function passes(task: Task, { done, priority }: TaskFilter): boolean {
  return (done === undefined || done === task.done) &&
    (priority === undefined || priority === task.priority);
}

async function readPages(
  store: TaskStore,
  filter: TaskFilter,
  limit: number,
): Promise<Task[][]> {
  const pages: Task[][] = [];
  let before: string | undefined;
  do {
    const { items, next } = await store.list(filter, { limit, before });
    pages.push([...items]);
    before = next ?? undefined;
  } while (before !== undefined);
  return pages;
}

/** Takes the first changes, or fewer where there are no more. */
async function take(changes: Changes, count: number): Promise<Change[]> {
  const taken: Change[] = [];
  for await (const change of changes) {
    if (taken.push(change) === count) break;
  }
  return taken;
}

/** Follows the changes as a client does that loses its connection again and again. */
async function followInPieces(
  store: TaskStore,
  from: string,
  count: number,
  patience: number,
): Promise<Change[]> {
  const seen: Change[] = [];
  while (seen.length < count) {
    const after = seen.at(-1)?.id ?? from;
    const { signal } = new AbortController();
    const changes = await store.changes({ after, signal });
    seen.push(
      ...await take(changes, Math.min(patience, count - seen.length)),
    );
  }
  return seen;
}
