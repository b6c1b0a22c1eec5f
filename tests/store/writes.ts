/** Writes, and databases that lose or fail them. */

import { layoutOf } from "../../store/layout.ts";
import { createWriter, type Write } from "../../store/writer.ts";
import { fieldsOf, NOTES, type Task, TASKS } from "./tasks.ts";

/** The keys of the tasks. */
export const LAYOUT = layoutOf(TASKS);

/** The keys of the notes. */
export const NOTE_LAYOUT = layoutOf(NOTES);

/** A task, with the fields that a test cares about. */
export function taskOf(fields: Partial<Task> = {}): Task {
  return {
    id: "7",
    ...fieldsOf({ priority: "low" }),
    createdAt: "2026-11-23T00:00:00.000Z",
    updatedAt: "2026-11-23T00:00:00.000Z",
    ...fields,
  };
}

/** A creation of a task, or of a value of another collection. */
export function creationOf(task: Task, layout = LAYOUT): Write {
  const key = [...layout.values, task.id];
  return {
    layout,
    write: crypto.randomUUID(),
    checks: [{ key, versionstamp: null }],
    before: null,
    after: { ...task },
    at: 0,
  };
}

/** Writes changes, together. Resolves to the version of each that was written. */
export function writeAll(
  kv: Deno.Kv,
  writes: readonly Write[],
  inTurn = true,
): Promise<(string | undefined)[]> {
  const write = createWriter(kv, inTurn);
  return Promise.all(writes.map((each) => write(each, { aborted: false })));
}

/** A database that sends each write again, as if the first response had been lost. */
export function losing(kv: Deno.Kv): Deno.Kv {
  return committing(kv, async (commit) => {
    await commit();
    return await commit();
  });
}

type Commit = Deno.AtomicOperation["commit"];

/** A database whose operations are committed in another way. */
export function committing(
  kv: Deno.Kv,
  how: (commit: Commit) => ReturnType<Commit>,
): Deno.Kv {
  return new Proxy(kv, {
    get(_target, name): unknown {
      if (name === "atomic") return () => wrap(kv.atomic(), how);
      const value = Reflect.get(kv, name);
      return typeof value === "function" ? value.bind(kv) : value;
    },
  });
}

function wrap(
  atomic: Deno.AtomicOperation,
  how: (commit: Commit) => ReturnType<Commit>,
): Deno.AtomicOperation {
  const proxy: Deno.AtomicOperation = new Proxy(atomic, {
    get(_target, name): unknown {
      if (name === "commit") return () => how(() => atomic.commit());
      return (...args: unknown[]) => {
        Reflect.apply(Reflect.get(atomic, name) as () => void, atomic, args);
        return proxy;
      };
    },
  });
  return proxy;
}
