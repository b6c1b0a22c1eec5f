import type { Change } from "../../../routes/tasks/kv_write.ts";
import type { Task } from "../../../routes/tasks/task.ts";

/** A task, with whatever a test cares about. */
export function taskOf(fields: Partial<Task> = {}): Task {
  return {
    id: "7",
    title: "Write",
    description: "",
    priority: "low",
    done: false,
    dueOn: null,
    createdAt: "2026-11-23T00:00:00.000Z",
    updatedAt: "2026-11-23T00:00:00.000Z",
    ...fields,
  };
}

/** A creation of a task that is not there. */
export function creationOf(task: Task): Change {
  const key = ["tasks", 1, "task", task.id];
  return {
    write: crypto.randomUUID(),
    checks: [{ key, versionstamp: null }],
    was: null,
    is: task,
    at: 0,
  };
}

/** A database that sends each write again, as if the first answer had been lost. */
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
