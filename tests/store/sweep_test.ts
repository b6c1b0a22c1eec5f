import { assert, assertEquals, assertRejects } from "@std/assert";
import { type KvHandles, openKv } from "../../store/open_kv.ts";
import { createSweep } from "../../store/sweep.ts";
import { LAYOUT } from "./writes.ts";

const { idempotency: IDEMPOTENCY, log: LOG } = LAYOUT;
const DAY_MS = 24 * 60 * 60 * 1000;
/** In the tests, rows of 0 are old, and rows of one day are not. */
const NOW = 1.5 * DAY_MS;

/** A database in memory, and a sweep of it. */
interface Swept extends Disposable {
  readonly kv: Deno.Kv;
  /** What the sweep takes for the time. */
  now: number;
  sweep(): Promise<number>;
}

async function open(
  change: (kv: Deno.Kv) => Partial<KvHandles> = () => ({}),
): Promise<Swept> {
  const handles = await openKv(":memory:", 1000);
  const { write: kv } = handles;
  const swept: Swept = {
    kv,
    now: NOW,
    sweep: createSweep(
      { ...handles, ...change(kv) },
      LAYOUT,
      () => swept.now,
    ),
    [Symbol.dispose]: () => handles[Symbol.dispose](),
  };
  return swept;
}

/** Writes rows whose last key parts are in their order. */
async function fill(
  kv: Deno.Kv,
  prefix: Deno.KvKey,
  times: readonly number[],
): Promise<void> {
  for (let from = 0; from < times.length; from += 500) {
    const atomic = kv.atomic();
    for (const [index, at] of times.slice(from, from + 500).entries()) {
      atomic.set([...prefix, keyOf(from + index)], { at, changes: [] });
    }
    await atomic.commit();
  }
}

function keyOf(index: number): string {
  return String(index).padStart(6, "0");
}

async function keysIn(kv: Deno.Kv, prefix: Deno.KvKey): Promise<unknown[]> {
  const rows = await Array.fromAsync(kv.list({ prefix }));
  return rows.map(({ key }) => key.at(-1));
}

Deno.test("a sweep finds nothing in an empty database", async () => {
  using swept = await open();

  assertEquals(await swept.sweep(), 0);
});

Deno.test("a sweep removes the log up to the last old row, but the newest one", async () => {
  const LOGS: [number[], number][] = [
    [[0], 1],
    [[1], 1],
    [[0, 0], 1],
    [[0, 1], 1],
    [[1, 1], 2],
    // Written by a clock that was ahead: what comes after it is old.
    [[0, 1, 0, 1], 1],
    [[999, 0, 1], 1],
  ];
  for (const [days, kept] of LOGS) {
    using swept = await open();
    await fill(swept.kv, LOG, days.map((day) => day * DAY_MS));

    assertEquals(await swept.sweep(), days.length - kept);

    const keys = [...days.keys()].slice(-kept).map(keyOf);
    assertEquals(await keysIn(swept.kv, LOG), keys);
  }
});

Deno.test("a sweep removes many rows from a clock that was ahead", async () => {
  using swept = await open();
  const ahead = Array<number>(1_200).fill(365 * DAY_MS);
  await fill(swept.kv, LOG, [...ahead, 0, DAY_MS]);

  assertEquals(await swept.sweep(), 1_201);
});

Deno.test("a sweep removes rows from a clock that was ahead a day after it saw them", async () => {
  using swept = await open();
  await fill(swept.kv, LOG, Array<number>(1_200).fill(365 * DAY_MS));

  assertEquals(await swept.sweep(), 0);
  swept.now += DAY_MS + 1;
  assertEquals(await swept.sweep(), 1_199);
});

Deno.test("a sweep removes creations from a clock that was ahead", async () => {
  using swept = await open();
  await fill(swept.kv, IDEMPOTENCY, [365 * DAY_MS, 2 * DAY_MS]);

  assertEquals(await swept.sweep(), 1);
  assertEquals(await keysIn(swept.kv, IDEMPOTENCY), [keyOf(1)]);
});

Deno.test("a sweep removes in steps what is too much for one operation", async () => {
  for (const inTurn of [true, false]) {
    using swept = await open(() => ({ inTurn }));
    await fill(swept.kv, LOG, Array<number>(1_202).fill(0));
    await fill(swept.kv, IDEMPOTENCY, Array<number>(125).fill(0));

    assertEquals(await swept.sweep(), 1_201 + 125);
  }
});

Deno.test("a sweep removes as many creations as are old", async () => {
  using swept = await open();
  await fill(swept.kv, IDEMPOTENCY, Array<number>(5_500).fill(0));

  assertEquals(await swept.sweep(), 5_500);
});

Deno.test("a sweep leaves creations while few of them are old, and continues there", async () => {
  using swept = await open();
  const times = Array<number>(1_200).fill(DAY_MS);
  await fill(swept.kv, IDEMPOTENCY, times.with(0, 0).with(1_100, 0));

  assertEquals(await swept.sweep(), 1);
  await swept.kv.set([...IDEMPOTENCY, keyOf(0)], { at: 0 });
  assertEquals(await swept.sweep(), 1);
  assertEquals((await keysIn(swept.kv, IDEMPOTENCY)).length, 1_199);
  assertEquals(await swept.sweep(), 1);
});

Deno.test("a sweep continues where one stopped that failed", async () => {
  let commits = 0;
  using swept = await open((kv) => ({
    write: changed(kv, "atomic", () => {
      if (++commits === 2) throw new Error("the network failed");
      return kv.atomic();
    }),
  }));
  await fill(swept.kv, IDEMPOTENCY, Array<number>(250).fill(0));

  await assertRejects(() => swept.sweep(), Error, "the network failed");
  assertEquals(await swept.sweep(), 150);
});

Deno.test("a sweep leaves a key that is in use again meanwhile", async () => {
  const key = [...IDEMPOTENCY, "key"];
  using swept = await open((kv) => ({
    read: changed(kv, "list", async function* (
      selector,
    ): AsyncGenerator<Deno.KvEntry<unknown>> {
      yield* kv.list(selector as Deno.KvListSelector);
      await kv.set(key, { at: DAY_MS });
    }),
  }));
  await swept.kv.set(key, { at: 0 });

  assertEquals(await swept.sweep(), 0);
  assertEquals((await swept.kv.get(key)).value, { at: DAY_MS });
});

Deno.test("a sweep removes the oldest changes where the log is larger than 64 MB", async () => {
  using swept = await open();
  const changes = ["x".repeat(60_000)];
  const write = async (from: number, to: number): Promise<void> => {
    for (let row = from; row < to; row++) {
      await swept.kv.set([...LOG, keyOf(row)], { at: DAY_MS, changes });
    }
  };

  await write(0, 1_000);
  assertEquals(await swept.sweep(), 0);
  await write(1_000, 1_150);
  const removed = await swept.sweep();

  assert(removed >= 80 && removed <= 200, `${removed} rows`);
  const [first] = await keysIn(swept.kv, LOG);
  assertEquals(first, keyOf(removed));
});

/** A database with another method. */
function changed(
  kv: Deno.Kv,
  method: "atomic" | "list",
  change: (selector: unknown) => unknown,
): Deno.Kv {
  return new Proxy(kv, {
    get(target, name): unknown {
      return name === method
        ? change
        : Reflect.get(target, name, target).bind(target);
    },
  });
}
