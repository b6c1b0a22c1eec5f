import { assertEquals } from "@std/assert";
import { LOG, type LogRow, REV } from "../../../routes/tasks/kv_layout.ts";
import { verifyRows } from "../../../routes/tasks/kv_verify.ts";
import { writeChange } from "../../../routes/tasks/kv_write.ts";
import type { Task } from "../../../routes/tasks/task.ts";

const TASK: Task = {
  id: "01ARYZ6S41TSV4RRFFQ69G5FAV",
  title: "Write",
  description: "",
  priority: "low",
  done: false,
  dueOn: null,
  createdAt: "2026-11-23T00:00:00.000Z",
  updatedAt: "2026-11-23T00:00:00.000Z",
};

Deno.test("writeChange() logs what it does", async () => {
  using kv = await Deno.openKv(":memory:");
  const done = { ...TASK, done: true };
  const steps: [Task | null, Task | null][] = [
    [null, null],
    [null, TASK],
    [TASK, done],
    [done, null],
  ];

  const versions: (string | undefined)[] = [];
  for (const [at, [was, is]] of steps.entries()) {
    const rev = await kv.get(REV);
    const change = { rev, checks: [rev], was, is, at };
    versions.push(await writeChange(kv, change));
  }

  const rows = await Array.fromAsync(kv.list<LogRow>({ prefix: LOG }));
  assertEquals(
    rows.map(({ value }) => ({ ...value, write: "" }) as unknown),
    [
      { event: "opened", at: 0, write: "" },
      { event: "created", task: TASK, at: 1, write: "" },
      { event: "updated", task: done, at: 2, write: "" },
      { event: "deleted", taskId: TASK.id, at: 3, write: "" },
    ],
  );
  assertEquals(rows.map(({ key }) => key.at(-1)), versions);
  assertEquals(await verifyRows(kv), []);
});

Deno.test("writeChange() knows its own write when the answer was lost", async () => {
  using kv = await Deno.openKv(":memory:");
  const rev = await kv.get(REV);

  const first = { rev, checks: [rev], was: null, is: TASK, at: 0 };
  const version = await writeChange(losing(kv), first);

  assertEquals(version, (await kv.get(REV)).versionstamp!);
  assertEquals(await writeChange(losing(kv), first), undefined);
  assertEquals(await verifyRows(kv), []);
});

/** A database that sends each write again, as if the first answer had been lost. */
function losing(kv: Deno.Kv): Deno.Kv {
  return new Proxy(kv, {
    get(_target, name): unknown {
      if (name === "atomic") return () => sentTwice(kv.atomic());
      const value = Reflect.get(kv, name);
      return typeof value === "function" ? value.bind(kv) : value;
    },
  });
}

function sentTwice(atomic: Deno.AtomicOperation): Deno.AtomicOperation {
  const proxy: Deno.AtomicOperation = new Proxy(atomic, {
    get(_target, name): unknown {
      if (name === "commit") {
        return async () => {
          await atomic.commit();
          return await atomic.commit();
        };
      }
      return (...args: unknown[]) => {
        Reflect.apply(Reflect.get(atomic, name) as () => void, atomic, args);
        return proxy;
      };
    },
  });
  return proxy;
}
