import { assertEquals, assertRejects } from "@std/assert";
import { sweepBefore } from "../../store/sweep.ts";
import { LAYOUT } from "./writes.ts";

const { idempotency: IDEMPOTENCY, log: LOG } = LAYOUT;

Deno.test("sweepBefore() finds nothing in an empty database", async () => {
  using kv = await Deno.openKv(":memory:");

  assertEquals(await sweepBefore(kv, LAYOUT, 1), 0);
});

Deno.test("sweepBefore() removes the log up to the last old row", async () => {
  const LOGS: [number[], number][] = [
    [[1], 1],
    [[9], 1],
    [[1, 2], 1],
    [[1, 9], 1],
    [[8, 9], 2],
    // Written by a clock that was ahead: what comes after it is old.
    [[1, 9, 2, 8], 1],
  ];
  for (const [times, kept] of LOGS) {
    using kv = await Deno.openKv(":memory:");
    for (const [row, at] of times.entries()) {
      await kv.set([...LOG, `${row}`], { at });
    }

    assertEquals(await sweepBefore(kv, LAYOUT, 5), times.length - kept);

    const rows = await Array.fromAsync(kv.list({ prefix: LOG }));
    assertEquals(
      rows.map(({ key }) => key.at(-1)),
      [...times.keys()].slice(-kept).map(String),
    );
  }
});

Deno.test("sweepBefore() removes in parts what is too much for one operation", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const row of Array(1202).keys()) {
    await kv.set([...LOG, String(row).padStart(4, "0")], { at: 1 });
  }
  for (const key of Array(25).keys()) {
    await kv.set([...IDEMPOTENCY, key], { at: 1 });
  }

  assertEquals(await sweepBefore(kv, LAYOUT, 5), 25 + 1201);
});

Deno.test("sweepBefore() continues where the last one stopped, and then from the start", async () => {
  using kv = await Deno.openKv(":memory:");
  const row = (key: number): Deno.KvKey => [...IDEMPOTENCY, key];
  for (let from = 0; from < 6_000; from += 500) {
    const atomic = kv.atomic();
    // The last hundred are old, and so is the first.
    for (let key = from; key < from + 500; key++) {
      atomic.set(row(key), { at: key === 0 || key >= 5_900 ? 1 : 9 });
    }
    await atomic.commit();
  }
  const progress = {};

  assertEquals(await sweepBefore(kv, LAYOUT, 5, progress), 1);
  assertEquals(progress, { key: row(4_999) });
  await kv.set(row(0), { at: 1 });
  assertEquals(await sweepBefore(kv, LAYOUT, 5, progress), 100);
  assertEquals(await sweepBefore(kv, LAYOUT, 5, progress), 1);
});

Deno.test("sweepBefore() continues where one stopped that failed", async () => {
  using kv = await Deno.openKv(":memory:");
  for (const key of Array(25).keys()) {
    await kv.set([...IDEMPOTENCY, key], { at: 1 });
  }
  const progress = {};

  await assertRejects(
    () => sweepBefore(failing(kv, 2), LAYOUT, 5, progress),
    Error,
    "database is locked",
  );
  assertEquals(progress, { key: [...IDEMPOTENCY, 9] });
  assertEquals(await sweepBefore(kv, LAYOUT, 5, progress), 15);
  assertEquals(progress, { key: undefined });
});

/** A database of which a commit fails, counted from one. */
function failing(kv: Deno.Kv, commit: number): Deno.Kv {
  return new Proxy(kv, {
    get(target, name): unknown {
      if (name === "atomic" && --commit === 0) {
        throw new Error("database is locked");
      }
      return Reflect.get(target, name, target).bind(target);
    },
  });
}

Deno.test("sweepBefore() leaves a key that is in use again meanwhile", async () => {
  using kv = await Deno.openKv(":memory:");
  const key = [...IDEMPOTENCY, "key"];
  await kv.set(key, { at: 1 });

  const sweeping = sweepBefore(renewing(kv, key), LAYOUT, 5);

  assertEquals(await sweeping, 0);
  assertEquals((await kv.get(key)).value, { at: 9 });
});

/** A database in which a key is renewed between the reading and the sweep. */
function renewing(kv: Deno.Kv, key: Deno.KvKey): Deno.Kv {
  return new Proxy(kv, {
    get(target, name): unknown {
      if (name !== "list") {
        return Reflect.get(target, name, target).bind(target);
      }
      return async function* (selector: Deno.KvListSelector): AsyncGenerator {
        yield* target.list(selector);
        await target.set(key, { at: 9 });
      };
    },
  });
}
