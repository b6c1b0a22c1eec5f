/** What every database must do, whatever it is made of. */

import {
  assert,
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import {
  type Changes,
  type Collection,
  type CollectionDeclaration,
  type Database,
  type Filter,
  type Order,
  type Position,
  type Range,
  type Stored,
  StoreError,
  type Value,
} from "../../store/collection.ts";
import {
  fieldsOf,
  type NoteFields,
  NOTES,
  patch,
  type Task,
  type TaskChange as Change,
  type TaskFields,
  TASKS,
} from "./tasks.ts";

type Tasks = Collection<TaskFields>;

/** A database for one test. */
export interface DatabaseFixture extends AsyncDisposable {
  /** The database. Another one, with the same rows, after `reopen()`. */
  readonly database: Database;
  /** What the database takes for the time, in milliseconds since 1970. */
  now: number;
  /** Closes the database and opens it again, where its rows survive that. */
  reopen(): Promise<void>;
  /** Checks the rows of a collection. Resolves to one sentence for each violation. */
  verify(declaration: CollectionDeclaration): Promise<readonly string[]>;
}

/** A fixture, and two collections in its database. */
class Use {
  readonly #fixture: DatabaseFixture;
  tasks!: Tasks;
  notes!: Collection<NoteFields>;

  constructor(fixture: DatabaseFixture) {
    this.#fixture = fixture;
  }

  get database(): Database {
    return this.#fixture.database;
  }

  get now(): number {
    return this.#fixture.now;
  }

  set now(now: number) {
    this.#fixture.now = now;
  }

  async open(): Promise<void> {
    this.tasks = await this.database.collection(TASKS);
    this.notes = await this.database.collection(NOTES);
  }

  async reopen(): Promise<void> {
    await this.#fixture.reopen();
    await this.open();
  }

  async close(): Promise<void> {
    await this.database[Symbol.asyncDispose]();
  }

  async verify(): Promise<void> {
    assertEquals(await this.#fixture.verify(TASKS), []);
    assertEquals(await this.#fixture.verify(NOTES), []);
  }
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** Passes one of many tasks. */
const RARE: Filter = { done: false, priority: "high" };

/** Changes nothing, for `update()`. */
const keep = (): undefined => undefined;

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
  "🦁".repeat(13),
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

const FILTERS: Filter[] = [
  {},
  { done: true },
  { done: false },
  { priority: "high" },
  { done: true, priority: "low" },
  { done: false, priority: "medium" },
  { dueOn: null },
  { dueOn: "2026-11-23" },
  { dueOn: null, done: true, priority: "high" },
];

/** Registers the tests for one way of opening a database. */
export function testDatabase(
  name: string,
  open: () => Promise<DatabaseFixture>,
): void {
  function test(law: string, run: (use: Use) => Promise<void>): void {
    Deno.test(`a database ${name} ${law}`, async () => {
      await using fixture = await open();
      const use = new Use(fixture);
      await use.open();
      await run(use);
      await use.verify();
    });
  }

  testSingleValues(test);
  testVersion(test);
  testRaces(test);
  testRepeatedCreation(test);
  testPages(test);
  testOrders(test);
  testChanges(test);
  testUpkeep(test);
  testCollections(test);
}

type Test = (law: string, run: (use: Use) => Promise<void>) => void;

function testSingleValues(test: Test): void {
  test("gives back what was created", async (use) => {
    const fields = fieldsOf({ title: "Löwe 🦁 \ud800", dueOn: "2026-11-23" });

    const { value, version } = await use.tasks.create(fields);
    await use.reopen();

    assertEquals(await use.tasks.get(value.id), { value, version });
    assertEquals(value, {
      id: value.id,
      ...fields,
      createdAt: new Date(use.now).toISOString(),
      updatedAt: new Date(use.now).toISOString(),
    });
    assertMatch(version, /^[0-9a-f]{20}$/);
  });

  for (const fields of PATCHES) {
    test(`changes ${Object.keys(fields)} and nothing else`, async (use) => {
      const before = await use.tasks.create(fieldsOf());
      use.now += 1000;

      const after = await use.tasks.update(before.value.id, patch(fields));
      await use.reopen();

      const updatedAt = new Date(use.now).toISOString();
      assert(after !== null);
      assertEquals(after.value, { ...before.value, ...fields, updatedAt });
      assert(after.version > before.version);
      assertEquals(await use.tasks.get(before.value.id), after);
      for (const filter of FILTERS) {
        const { items } = await use.tasks.list(filter, { limit: 2 });
        assertEquals(items, passes(after.value, filter) ? [after.value] : []);
      }
    });
  }

  test("writes nothing if the change returns nothing", async (use) => {
    const before = await use.tasks.create(fieldsOf());
    use.now += 1000;

    assertEquals(await use.tasks.update(before.value.id, keep), before);
    assertEquals(await use.tasks.get(before.value.id), before);
  });

  test("deletes a task once, from every list", async (use) => {
    const { value } = await use.tasks.create(fieldsOf());

    assertEquals(await use.tasks.delete(value.id), true);
    await use.reopen();

    assertEquals(await use.tasks.delete(value.id), false);
    assertEquals(await use.tasks.get(value.id), null);
    for (const filter of FILTERS) {
      const page = await use.tasks.list(filter, { limit: 2 });
      assertEquals(page, { items: [], next: null });
    }
  });

  test("knows no task by an id that it did not give", async (use) => {
    // There is no version: every precondition fails.
    const never = Set.prototype.has.bind(new Set());
    for (const id of NO_IDS) {
      assertEquals(await use.tasks.get(id), null);
      assertEquals(
        await use.tasks.update(id, patch({ done: true }), never),
        null,
      );
      assertEquals(await use.tasks.update(id, keep, never), null);
      assertEquals(await use.tasks.delete(id, never), false);
    }
  });

  test("checks the precondition before it changes a value", async (use) => {
    const before = await use.tasks.create(fieldsOf());
    const { value: { id }, version } = before;
    const asked: string[] = [];
    const no = (version: string): boolean => asked.push(version) === 0;

    const errors = [
      await assertRejects(
        () => use.tasks.update(id, patch({ done: true }), no),
        StoreError,
      ),
      await assertRejects(() => use.tasks.update(id, keep, no), StoreError),
      await assertRejects(() => use.tasks.delete(id, no), StoreError),
    ];

    assertEquals(errors.map((error) => [error.code, error.version]), [
      ["version-mismatch", version],
      ["version-mismatch", version],
      ["version-mismatch", version],
    ]);
    assertEquals(asked, [version, version, version]);
    assertEquals(await use.tasks.get(id), before);
  });

  test("changes the version that the precondition accepts", async (use) => {
    const { value: { id }, version } = await use.tasks.create(fieldsOf());

    const after = await use.tasks.update(
      id,
      patch({ done: true }),
      (is) => is === version,
    );

    assertEquals(after?.value.done, true);
    assertEquals(
      await use.tasks.delete(id, (is) => is === after?.version),
      true,
    );
  });

  test("rejects with what the caller throws, unchanged", async (use) => {
    const { value: { id } } = await use.tasks.create(fieldsOf());
    // Errors of these kinds are the database's own otherwise.
    for (
      const error of [
        new RangeError("mine"),
        new Error("mine"),
        new TypeError("database is locked"),
      ]
    ) {
      const fail = (): never => {
        throw error;
      };
      const results = await Promise.allSettled([
        use.tasks.update(id, fail),
        use.tasks.update(id, () => Promise.reject(error)),
        use.tasks.update(id, keep, fail),
        use.tasks.delete(id, fail),
      ]);
      const expected = { status: "rejected", reason: error } as const;
      assertEquals(results, Array(4).fill(expected));
    }
  });

  test("stores what a slow change returns, and none of what the store sets", async (use) => {
    const before = await use.tasks.create(fieldsOf());
    use.now += 1000;

    const after = await use.tasks.update(before.value.id, async (task) => {
      await use.tasks.get(task.id);
      return { ...task, title: "Read", id: ABSENT, createdAt: "" };
    });

    const updatedAt = new Date(use.now).toISOString();
    const expected = { ...before.value, title: "Read", updatedAt };
    assertEquals(JSON.stringify(after?.value), JSON.stringify(expected));
  });

  test("changes the fresh value where another writer was faster", async (use) => {
    const { value: { id } } = await use.tasks.create(fieldsOf());
    const seen: string[] = [];

    const after = await use.tasks.update(id, async (task) => {
      seen.push(task.title);
      if (seen.length === 1) {
        await use.tasks.update(id, patch({ title: "Read" }));
      }
      return { ...task, done: true };
    });

    assertEquals(seen, ["Write", "Read"]);
    assertEquals([after?.value.title, after?.value.done], ["Read", true]);
  });

  test("rejects a value that is too large, and none that come with it", async (use) => {
    const huge = fieldsOf({ description: "x".repeat(70_000) });
    const { value: { id } } = await use.tasks.create(fieldsOf());

    const results = await Promise.allSettled([
      use.tasks.create(fieldsOf()),
      use.tasks.create(huge),
      use.tasks.update(id, () => huge),
      use.tasks.create(fieldsOf({ dueOn: "x".repeat(3000) })),
      use.tasks.create(fieldsOf()),
    ]);

    const codes = results.map((result) =>
      result.status === "rejected" ? result.reason.code : result.status
    );
    const large = "too-large";
    assertEquals(codes, ["fulfilled", large, large, large, "fulfilled"]);
  });
}

function testVersion(test: Test): void {
  test("has another version after each change, and no other time", async (use) => {
    const { value: { id }, version } = await use.tasks.create(fieldsOf());
    assertEquals(use.tasks.seenVersion ?? version, version);
    assertEquals(await use.tasks.version(), version);
    assertEquals(use.tasks.seenVersion ?? version, version);

    await use.tasks.update(id, keep);
    await use.tasks.list({}, { limit: 1 });
    await use.notes.create({ text: "Hi", rank: 1 });
    await use.database.sweep();
    await use.reopen();
    assertEquals(await use.tasks.version(), version);

    const changed = await use.tasks.update(id, patch({ done: true }));
    assertEquals(await use.tasks.version(), changed?.version);
    await use.tasks.delete(id);
    assert(await use.tasks.version() > changed!.version);
  });
}

function testRaces(test: Test): void {
  test("loses no field to racing writers", async (use) => {
    const { value: { id } } = await use.tasks.create(fieldsOf());
    const patches: Partial<TaskFields>[] = [
      { title: "Read" },
      { description: "More" },
      { priority: "high" },
      { done: true },
      { dueOn: "2026-11-23" },
    ];

    await Promise.all(
      patches.map((fields) => use.tasks.update(id, patch(fields))),
    );

    const after = await use.tasks.get(id);
    for (const fields of patches) {
      assertEquals(after?.value, { ...after!.value, ...fields });
    }
  });

  test("lets one of many writers have a version", async (use) => {
    const { value: { id }, version } = await use.tasks.create(fieldsOf());
    const matches = (is: string): boolean => is === version;

    const results = await Promise.allSettled(
      Array.from(
        { length: 10 },
        (_, index) =>
          index % 2 === 0
            ? use.tasks.update(id, patch({ title: `${index}` }), matches)
            : use.tasks.delete(id, matches),
      ),
    );

    const won = results.filter((result) =>
      result.status === "fulfilled" && result.value
    );
    assertEquals(won.length, 1);
  });

  test("lets one of many delete a task", async (use) => {
    const { value: { id } } = await use.tasks.create(fieldsOf());

    const results = await Promise.all(
      Array.from({ length: 10 }, () => use.tasks.delete(id)),
    );

    assertEquals(results.filter(Boolean).length, 1);
  });
}

function testRepeatedCreation(test: Test): void {
  const once = { key: "a key", bodyHash: "a hash" };

  const FATES: Record<string, (use: Use, id: string) => unknown> = {
    "immediately": () => {},
    "after the task was changed": ({ tasks }, id) =>
      tasks.update(id, patch({ title: "Read" })),
    "after the task was deleted": ({ tasks }, id) => tasks.delete(id),
    "a moment before a day is over": (use) => use.now += DAY_MS - 1,
    "after a sweep": (use) => {
      use.now += DAY_MS - 1;
      return use.database.sweep();
    },
  };
  for (const [when, happen] of Object.entries(FATES)) {
    test(`resolves to the first result again ${when}`, async (use) => {
      const first = await use.tasks.create(fieldsOf(), once);
      await happen(use, first.value.id);
      const before = await use.tasks.list({}, { limit: 9 });
      await use.reopen();

      const second = await use.tasks.create(fieldsOf(), once);

      assertEquals(JSON.stringify(second), JSON.stringify(first));
      assertEquals(await use.tasks.list({}, { limit: 9 }), before);
    });
  }

  test("creates anew after a day, or by another key", async (use) => {
    const first = await use.tasks.create(fieldsOf(), once);
    const other = await use.tasks.create(fieldsOf(), { ...once, key: "b" });
    use.now += DAY_MS;
    const later = await use.tasks.create(fieldsOf(), once);
    const again = await use.tasks.create(fieldsOf(), once);

    assertNotEquals(other.value.id, first.value.id);
    assertNotEquals(later.value.id, first.value.id);
    assertEquals(again, later);
  });

  test("refuses a key that came with another body", async (use) => {
    await use.tasks.create(fieldsOf(), once);

    const error = await assertRejects(
      () => use.tasks.create(fieldsOf(), { ...once, bodyHash: "other" }),
      StoreError,
    );

    assertEquals(error.code, "key-reused");
    assertEquals((await use.tasks.list({}, { limit: 9 })).items.length, 1);
  });

  test("makes one task of ten equal creations", async (use) => {
    const results = await Promise.all(
      Array.from({ length: 10 }, () => use.tasks.create(fieldsOf(), once)),
    );

    assertEquals(new Set(results.map((it) => JSON.stringify(it))).size, 1);
    assertEquals((await use.tasks.list({}, { limit: 9 })).items.length, 1);
  });
}

function testPages(test: Test): void {
  test("lists newest first, in pages of any size, by any filter", async (use) => {
    const all = await createMany(use.tasks, 12);
    await use.reopen();

    for (const filter of FILTERS) {
      const expected = all.filter((task) => passes(task, filter));
      for (const limit of [1, 2, 3, 4, 11, 12, 13, 100]) {
        const pages = await readPages(use.tasks, filter, limit);
        assertEquals(pages.flat(), expected);
        assertEquals(pages.length, Math.ceil(expected.length / limit));
      }
    }
  });

  test("continues behind a task that was deleted", async (use) => {
    const all = await createMany(use.tasks, 6);
    const { items, next } = await use.tasks.list({}, { limit: 2 });
    await use.tasks.delete(next!.id);

    const rest = await use.tasks.list({}, { limit: 9, after: next! });

    assertEquals([...items, ...rest.items], all);
  });

  test("skips and repeats nothing while others write", async (use) => {
    const kept = await createMany(use.tasks, 30);
    const doomed = await createMany(use.tasks, 30);
    const writing = Promise.all([
      ...doomed.map(({ id }) => use.tasks.delete(id)),
      ...kept.map(({ id }) => use.tasks.update(id, patch({ title: "Read" }))),
      createMany(use.tasks, 30),
    ]);

    const seen = (await readPages(use.tasks, {}, 3)).flat().map(({ id }) => id);
    await writing;

    assertEquals(seen, seen.toSorted().reverse());
    assertEquals(new Set(seen).size, seen.length);
    const ids = kept.map(({ id }) => id);
    assertEquals(seen.filter((id) => ids.includes(id)), ids);
  });
}

const DATES = ["2026-11-23", "2026-01-31", "2026-11-23", null, "2027-01-01"];

const ORDERS: Order[] = [
  { index: "dueOn" },
  { index: "dueOn", descending: true },
];

const RANGES: (Filter & { dueOn?: Range | string | null })[] = [
  {},
  { dueOn: {} },
  { dueOn: { from: "2026-11-23" } },
  { dueOn: { to: "2026-11-23" } },
  { dueOn: { to: "2026-12-31" }, done: false },
  { dueOn: { from: "2026-02-01", to: "2026-11-23" } },
  { dueOn: { from: "2026-11-24", to: "2026-11-23" } },
  { dueOn: { to: "2025-01-01" } },
  { dueOn: "2026-11-23" },
  { dueOn: null },
  { done: true },
];

/** Creates tasks with equal dates, other dates and none. */
async function createDated(tasks: Tasks, count: number): Promise<Task[]> {
  const stored = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      tasks.create(fieldsOf({
        dueOn: DATES[index % DATES.length]!,
        done: index % 3 === 0,
      }))),
  );
  return stored.map(({ value }) => value);
}

function isWithin(task: Task, { dueOn, ...others }: typeof RANGES[0]): boolean {
  if (!passes(task, others)) return false;
  if (typeof dueOn !== "object" || dueOn === null) {
    return dueOn === undefined || task.dueOn === dueOn;
  }
  const { from = "", to = "~" } = dueOn as { from?: string; to?: string };
  return task.dueOn !== null && task.dueOn >= from && task.dueOn <= to;
}

function testOrders(test: Test): void {
  for (const order of ORDERS) {
    const name = `${order.index}${order.descending ? " descending" : ""}`;

    test(`lists by ${name}, within ranges, page by page`, async (use) => {
      const all = sorted(await createDated(use.tasks, 37), order);

      for (const filter of RANGES) {
        const expected = all.filter((task) => isWithin(task, filter));
        for (const limit of [1, 3, 8, 100]) {
          const pages = await readPages(use.tasks, filter, limit, order);
          assertEquals(pages.flat(), expected);
          assertEquals(pages.length, Math.ceil(expected.length / limit) || 1);
        }
      }
    });

    test(`skips and repeats nothing by ${name} while others write`, async (use) => {
      const all = sorted(await createDated(use.tasks, 31), order);
      const movers = await createDated(use.tasks, 10);

      const pages = await readPages(use.tasks, {}, 3, order, async ({ id }) => {
        // What a cursor points at goes, or moves.
        const mover = movers.pop();
        await use.tasks.delete(id);
        await createDated(use.tasks, 5);
        if (mover) {
          await use.tasks.update(mover.id, patch({ dueOn: "2026-06-01" }));
        }
      });

      const ids = new Set(all.map(({ id }) => id));
      assertEquals(pages.flat().filter(({ id }) => ids.has(id)), all);
    });
  }

  test("lists newest first within a range where no order is asked for", async (use) => {
    const all = (await createDated(use.tasks, 11)).reverse();
    const filter = { dueOn: { to: "2026-11-23" }, done: false };

    const pages = await readPages(use.tasks, filter, 2);

    assertEquals(
      pages.flat(),
      all.filter((task) => isWithin(task, filter)),
    );
  });

  test("lists by numbers and by times, as what they are", async (use) => {
    const ranks = [0, -0, 10, 9, -1, 0.5, 1e21, -1e21, 2];
    const times = [
      "2026-02-28T08:15:00Z",
      "2026-02-28T08:15:00.5Z",
      "2026-02-28T09:15:00+01:00",
      "2026-02-28T23:00:00-08:00",
      null,
    ];
    const created = await Promise.all(
      ranks.map((rank, at) =>
        use.notes.create({ text: "", rank, at: times[at % times.length]! })
      ),
    );
    const notes = created.map(({ value }) => value);

    for (const descending of [false, true]) {
      const byRank = { index: "rank", descending };
      const byTime = { index: "at", descending };
      assertEquals(
        (await readPages(use.notes, {}, 2, byRank)).flat(),
        sorted(notes, byRank, (rank) => rank as number + 0),
      );
      assertEquals(
        (await readPages(use.notes, {}, 2, byTime)).flat(),
        sorted(notes, byTime, (at) => Date.parse(String(at))),
      );
    }
    const late = { at: { from: "2026-02-28T08:15:00.5Z" }, rank: { to: 9 } };
    const order = { index: "at" };
    const found = await use.notes.list(late, { limit: 9, order });
    assertEquals(found.items.map(({ rank }) => rank), [-0, 9, 2]);
    const same = await use.notes.list({ at: times[2]! }, { limit: 9 });
    assertEquals(same.items.length, 4);
  });

  test("lists nothing after a position that no list has", async (use) => {
    await createDated(use.tasks, 5);
    const filter = { dueOn: { from: "2026-01-01", to: "2026-12-31" } };
    const VALUES = ["2030-01-01", "", 7, true, null, "x".repeat(3000)];

    for (const order of ORDERS) {
      for (const value of VALUES) {
        const range = { limit: 9, order, after: { id: ABSENT, value } };
        const { items } = await use.tasks.list(filter, range);
        for (const task of items) assert(isWithin(task, filter));
      }
    }
  });
}

function testChanges(test: Test): void {
  test("yields what changes from now on, in order", async (use) => {
    await use.tasks.create(fieldsOf());
    const stop = new AbortController();
    const changes = await use.tasks.changes(stop);

    const created = await use.tasks.create(fieldsOf());
    const { id } = created.value;
    const updated = await use.tasks.update(id, patch({ done: true }));
    await use.tasks.update(id, keep);
    await use.tasks.delete(id);

    const [first, second, third] = await take(changes, 3);
    assertEquals(first, {
      id: created.version,
      event: "created",
      value: created.value,
    });
    assertEquals(second, {
      id: updated!.version,
      event: "updated",
      value: updated!.value,
    });
    assertEquals(third, { id: third!.id, event: "deleted", valueId: id });
  });

  test("yields what was missed, once, then what changes", async (use) => {
    const first = await use.tasks.create(fieldsOf());
    const missed = await use.tasks.create(fieldsOf());
    await use.reopen();

    const { signal } = new AbortController();
    const after = first.version;
    const changes = await use.tasks.changes({ after, signal });
    const later = await use.tasks.create(fieldsOf());

    assertEquals(changes.from, after);
    assertEquals((await take(changes, 2)).map(({ id }) => id), [
      missed.version,
      later.version,
    ]);
  });

  test("misses nothing after a connection without any change", async (use) => {
    const { signal } = new AbortController();
    const { from } = await use.tasks.changes({ signal });
    const { version } = await use.tasks.create(fieldsOf());

    const changes = await use.tasks.changes({ after: from, signal });

    assertEquals((await take(changes, 1))[0]?.id, version);
  });

  const UNKNOWN = ["f".repeat(20), "0".repeat(20), "", "x".repeat(5000)];
  test("resets a follower from where its log does not reach", async (use) => {
    const { version } = await use.tasks.create(fieldsOf());
    const { signal } = new AbortController();
    for (const after of UNKNOWN) {
      const changes = await use.tasks.changes({ after, signal });
      assertEquals(await take(changes, 1), [{ id: version, event: "reset" }]);
    }
  });

  test("continues after a reset", async (use) => {
    const { signal } = new AbortController();
    const changes = await use.tasks.changes({ after: "", signal });
    const iterator = changes[Symbol.asyncIterator]();
    const reset = await iterator.next();
    const { version } = await use.tasks.create(fieldsOf());
    const next = await iterator.next();

    assertEquals(reset.value?.event, "reset");
    assertEquals(next.value?.id, version);
  });

  test("ends the changes when the signal aborts", async (use) => {
    const stop = new AbortController();
    const waiting = take(await use.tasks.changes(stop), 1);
    const stopped = await use.tasks.changes(stop);
    stop.abort();

    assertEquals(await waiting, []);
    assertEquals(await take(stopped, 1), []);
  });

  test("gives no change after the signal aborted", async (use) => {
    const stop = new AbortController();
    const changes = await use.tasks.changes(stop);
    await createMany(use.tasks, 2);
    const seen: Change[] = [];
    for await (const change of changes) {
      seen.push(change);
      stop.abort();
    }

    assertEquals(seen.length, 1);
  });

  test("ends the changes when it closes", async (use) => {
    const { signal } = new AbortController();
    const waiting = take(await use.tasks.changes({ signal }), 1);
    await use.close();

    assertEquals(await waiting, []);
    await use.reopen();
  });

  test("yields every change once to followers that reconnect", async (use) => {
    const { signal } = new AbortController();
    const { from } = await use.tasks.changes({ signal });
    const followers = [1, 2, 3, 7, 1000].map((patience) =>
      followInPieces(use.tasks, from, 90, patience)
    );

    const tasks = await createMany(use.tasks, 30);
    await Promise.all([
      ...tasks.map(({ id }) => use.tasks.update(id, patch({ done: true }))),
      ...tasks.map(({ id }) => use.tasks.update(id, patch({ title: "Read" }))),
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
    const { from } = await use.tasks.changes({ signal });
    await use.tasks.create(fieldsOf(), { key: "a", bodyHash: "" });
    const { version } = await use.tasks.create(fieldsOf());
    use.now += DAY_MS + 1;

    // The opening and one creation in the log, and the key.
    assertEquals(await use.database.sweep(), 3);
    assertEquals(await use.database.sweep(), 0);
    await use.reopen();

    assertEquals((await use.tasks.list({}, { limit: 9 })).items.length, 2);
    const late = await use.tasks.changes({ after: from, signal });
    assertEquals(await take(late, 1), [{ id: version, event: "reset" }]);
  });

  test("does in batches what is too much for one", async (use) => {
    const { signal } = new AbortController();
    const { from } = await use.tasks.changes({ signal });
    for (const key of Array(25).keys()) {
      await use.tasks.create(fieldsOf(), { key: `${key}`, bodyHash: "" });
    }
    const old = await use.tasks.create(fieldsOf({ priority: "high" }));
    await Promise.all(
      Array.from({ length: 2500 }, (_, index) =>
        use.tasks.create(
          fieldsOf(index % 2 ? { done: true, priority: "high" } : {}),
        )),
    );

    // Half of the tasks pass each filter, and only the oldest one both.
    const found = (await readPages(use.tasks, RARE, 5)).flat();
    assertEquals(found, [old.value]);

    // A follower that was away for long.
    const changes = await use.tasks.changes({ after: from, signal });
    const seen = await take(changes, 2526);
    assertEquals(new Set(seen.map(({ id }) => id)).size, 2526);

    use.now += DAY_MS + 1;
    const young = { key: "young", bodyHash: "" };
    const { value } = await use.tasks.create(fieldsOf(), young);
    // How many rows the changes take is the store's own business.
    assert(await use.database.sweep() > 25);
    assertEquals(await use.database.sweep(), 0);
    assertEquals((await use.tasks.create(fieldsOf(), young)).value, value);
  });

  test("responds to a ping", async (use) => {
    await use.database.ping();
  });

  test("is unavailable once it is closed, and closes twice", async (use) => {
    const { database, tasks } = use;
    const pending = Promise.allSettled([
      tasks.create(fieldsOf()),
      tasks.list({}, { limit: 1 }),
    ]);
    await use.close();
    await use.close();
    await pending;

    const error = await assertRejects(() => database.ping(), StoreError);
    assertEquals(error.code, "unavailable");
    await use.reopen();
  });
}

function testCollections(test: Test): void {
  test("opens a collection once", async (use) => {
    assertStrictEquals(await use.database.collection(TASKS), use.tasks);
  });

  test("keeps the values and changes of its collections apart", async (use) => {
    const { signal } = new AbortController();
    const changesOfTasks = await use.tasks.changes({ signal });
    const changesOfNotes = await use.notes.changes({ signal });

    const task = await use.tasks.create(fieldsOf());
    const note = await use.notes.create({ text: "Hi", rank: 1 });

    assertEquals(await use.tasks.get(note.value.id), null);
    assertEquals(await use.notes.delete(task.value.id), false);
    const all = { limit: 9 };
    assertEquals((await use.tasks.list({}, all)).items, [task.value]);
    assertEquals((await use.notes.list({}, all)).items, [note.value]);
    const [taskChange] = await take(changesOfTasks, 1);
    assertEquals(taskChange?.id, task.version);
    for await (const change of changesOfNotes) {
      const { version: id, value } = note;
      assertEquals(change, { id, event: "created", value });
      break;
    }
  });

  test("takes one idempotency key in each collection", async (use) => {
    const once = { key: "a key", bodyHash: "a hash" };
    const fields = { text: "Hi", rank: 1 };

    const task = await use.tasks.create(fieldsOf(), once);
    const note = await use.notes.create(fields, { ...once, bodyHash: "b" });

    assertNotEquals(note.value.id, task.value.id);
    assertEquals(await use.tasks.create(fieldsOf(), once), task);
  });

  test("yields its changes to followers of each collection, written together or not", async (use) => {
    const { signal } = new AbortController();
    const { from: fromTasks } = await use.tasks.changes({ signal });
    const { from: fromNotes } = await use.notes.changes({ signal });

    const versions = await Promise.all(
      Array.from(
        { length: 40 },
        async (_, rank) =>
          rank % 2
            ? (await use.notes.create({ text: "Hi", rank })).version
            : (await use.tasks.create(fieldsOf())).version,
      ),
    );

    const tasks = await take(
      await use.tasks.changes({ after: fromTasks, signal }),
      20,
    );
    const notes: string[] = [];
    for await (
      const { id } of await use.notes.changes({ after: fromNotes, signal })
    ) {
      if (notes.push(id) === 20) break;
    }
    const ofPlace = (odd: number): Set<string> =>
      new Set(versions.filter((_, place) => place % 2 === odd));
    const versionsIn = (ids: string[]): Set<string> =>
      new Set(ids.map((id) => id.slice(0, 20)));
    assertEquals(versionsIn(tasks.map(({ id }) => id)), ofPlace(0));
    assertEquals(versionsIn(notes), ofPlace(1));
  });

  test("lists by numbers", async (use) => {
    for (const rank of [0, -0, 1, -1, 1e21, 0.5]) {
      await use.notes.create({ text: `${rank}`, rank });
    }

    for (const [rank, count] of [[0, 2], [-0, 2], [1, 1], [0.5, 1], [7, 0]]) {
      const { items } = await use.notes.list({ rank: rank! }, { limit: 9 });
      assertEquals(items.length, count);
    }
  });

  test("rejects an index with a name that the store uses", async (use) => {
    for (const index of ["log", "rev", "idempotency", "indexes", "word"]) {
      const declaration = { name: "words", indexes: [index] };
      await assertRejects(
        () => use.database.collection(declaration),
        TypeError,
        `"${index}"`,
      );
    }
  });
}

/** Creates tasks of every kind and resolves to them, newest first. */
async function createMany(tasks: Tasks, count: number): Promise<Task[]> {
  const stored = await Promise.all(
    Array.from({ length: count }, (_, index) =>
      tasks.create(fieldsOf({
        title: `Task ${index}`,
        done: index % 2 === 0,
        priority: (["low", "medium", "high"] as const)[index % 3]!,
        dueOn: index % 4 === 0 ? "2026-11-23" : null,
      }))),
  );
  return stored.map(({ value }: Stored<TaskFields>) => value).reverse();
}

function passes(task: Task, filter: Filter): boolean {
  return Object.entries(filter).every(([name, value]) =>
    task[name as keyof Task] === value
  );
}

async function readPages<Fields extends object>(
  values: Collection<Fields>,
  filter: Filter,
  limit: number,
  order?: Order,
  between?: (last: Value<Fields>) => Promise<unknown>,
): Promise<Value<Fields>[][]> {
  const pages: Value<Fields>[][] = [];
  let after: Position | undefined;
  do {
    const { items, next } = await values.list(filter, { limit, after, order });
    pages.push([...items]);
    after = next ?? undefined;
    if (after) await between?.(items.at(-1)!);
  } while (after !== undefined);
  return pages;
}

/** Sorts by a field, then by id; null comes last. */
function sorted<Fields extends object>(
  values: readonly Value<Fields>[],
  { index, descending = false }: Order,
  keyOf: (value: unknown) => number | string = String,
): Value<Fields>[] {
  const field = index as keyof Value<Fields>;
  const compare = (a: number | string, b: number | string): number =>
    a === b ? 0 : a < b ? -1 : 1;
  const [some, none] = [false, true].map((isNull) =>
    values.filter((row) => (row[field] === null) === isNull).toSorted(
      (a, b) =>
        (isNull ? 0 : compare(keyOf(a[field]), keyOf(b[field]))) ||
        compare(a.id, b.id),
    )
  ) as [Value<Fields>[], Value<Fields>[]];
  return descending
    ? [...some.reverse(), ...none.reverse()]
    : [...some, ...none];
}

/** Takes the first changes, or fewer where there are no more. */
async function take(
  changes: Changes<TaskFields>,
  count: number,
): Promise<Change[]> {
  const taken: Change[] = [];
  for await (const change of changes) {
    if (taken.push(change) === count) break;
  }
  return taken;
}

/** Follows the changes as a client does that loses its connection again and again. */
async function followInPieces(
  tasks: Tasks,
  from: string,
  count: number,
  patience: number,
): Promise<Change[]> {
  const seen: Change[] = [];
  while (seen.length < count) {
    const after = seen.at(-1)?.id ?? from;
    const { signal } = new AbortController();
    const changes = await tasks.changes({ after, signal });
    seen.push(
      ...await take(changes, Math.min(patience, count - seen.length)),
    );
  }
  return seen;
}
