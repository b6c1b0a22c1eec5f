/**
 * Keeps the tasks in Deno KV.
 *
 * Every write checks what it relies on and, by its own success, makes that check
 * fail: sent twice, it is done once. Which rows there are is told in
 * `kv_layout.ts`.
 *
 * @module
 */

import { ChangeFeed } from "./change_feed.ts";
import { attempt } from "./kv_attempt.ts";
import {
  addChange,
  type Creation,
  DONE,
  IDEMPOTENCY,
  LOG,
  type LoggedEvent,
  type LogRow,
  PRIORITY,
  REV,
  TASK,
} from "./kv_layout.ts";
import { sweepBefore } from "./kv_sweep.ts";
import { verifyRows } from "./kv_verify.ts";
import { type KvHandles, openKv } from "./open_kv.ts";
import {
  type Changes,
  type ChangesOptions,
  type Matches,
  type Once,
  type Page,
  type PageRange,
  type Stored,
  StoreError,
  type TaskFilter,
  type TaskStore,
} from "./store.ts";
import type { Task, TaskFields } from "./task.ts";
import { createUlid, isUlid } from "./ulid.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const MOST_SCANNED = 1000;

/** Options for {@linkcode openTaskStore}. */
export interface TaskStoreOptions {
  /**
   * What `Deno.openKv` takes: a file, `:memory:`, or the URL of a KV Connect
   * server. On Deno Deploy leave it out.
   */
  path?: string | undefined;
  /**
   * Milliseconds that a call may take.
   *
   * @default {5000}
   */
  timeoutMs?: number;
  /**
   * Milliseconds between two looks at what other processes changed in a file.
   *
   * @default {1000}
   */
  pollMs?: number;
  /**
   * Milliseconds between two sweeps.
   *
   * @default {60000}
   */
  sweepMs?: number;
  /**
   * Clock that returns milliseconds since 1970.
   *
   * @default {Date.now}
   */
  now?: () => number;
}

/**
 * Opens the store of tasks in Deno KV.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * await using store = await openTaskStore({ path: ":memory:" });
 * const { task, version } = await store.create({
 *   title: "Write",
 *   description: "",
 *   priority: "medium",
 *   done: false,
 *   dueOn: null,
 * });
 *
 * assertEquals(await store.get(task.id), { task, version });
 * ```
 *
 * @param options Where it is, and how long to wait for it.
 * @returns The store. Declare it with `await using`, so that it is closed.
 */
export async function openTaskStore(
  options: TaskStoreOptions = {},
): Promise<TaskStore> {
  const { timeoutMs = 5000, pollMs = 1000, sweepMs = 60_000, now = Date.now } =
    options;
  const kv = await openKv(options.path);
  const store = new KvTaskStore(kv, { timeoutMs, pollMs, sweepMs, now });
  await store.prepare();
  return store;
}

type Settings = Required<Omit<TaskStoreOptions, "path">>;

/** A change on its way into the store. */
interface Write {
  /** The last change, as it was read before anything else. */
  rev: Deno.KvEntryMaybe<unknown>;
  /** What must still be as it was read. */
  checks: Deno.AtomicCheck[];
  was: Task | null;
  is: Task | null;
  logged: LoggedEvent;
  creation?: { key: Deno.KvKey; value: Creation } | undefined;
}

class KvTaskStore implements TaskStore {
  readonly #kv: KvHandles;
  readonly #settings: Settings;
  readonly #ulid: () => string;
  readonly #feed: ChangeFeed;
  readonly #open = new AsyncDisposableStack();

  constructor(kv: KvHandles, settings: Settings) {
    this.#kv = this.#open.use(kv);
    this.#settings = settings;
    this.#ulid = createUlid(settings.now);
    this.#feed = this.#open.use(
      new ChangeFeed(kv.read, {
        attempt: (body) => this.#attempt(body),
        polls: kv.polls,
        pollMs: settings.pollMs,
      }),
    );
    // A sweep that fails leaves its rows to the next one.
    const sweep = (): void => void this.sweep().catch(() => {});
    this.#open.adopt(setInterval(sweep, settings.sweepMs), clearInterval);
  }

  /** Writes the first row of the log, so that there always is a last change. */
  async prepare(): Promise<void> {
    await this.#attempt(async () => {
      const rev = await this.#kv.read.get(REV);
      if (rev.versionstamp !== null) return rev.versionstamp;
      const logged = { event: "opened" } as const;
      return await this.#write({
        rev,
        checks: [rev],
        was: null,
        is: null,
        logged,
      });
    });
  }

  async create(fields: TaskFields, once?: Once): Promise<Stored> {
    const at = this.#settings.now();
    const createdAt = new Date(at).toISOString();
    const task: Task = {
      id: this.#ulid(),
      ...fields,
      createdAt,
      updatedAt: createdAt,
    };
    // There never is a row at IDEMPOTENCY itself.
    const key = once ? [...IDEMPOTENCY, await sha256(once.key)] : IDEMPOTENCY;
    const value = once && { task, bodyHash: once.bodyHash, at };

    return await this.#attempt(async () => {
      const [rev, seen] = await this.#kv.read.getMany<[string, Creation]>([
        REV,
        key,
      ]);
      if (once && seen.value !== null && at - seen.value.at < DAY_MS) {
        return repeat(seen, once);
      }
      const version = await this.#write({
        rev,
        checks: [{ key: keyOf(task.id), versionstamp: null }, seen],
        was: null,
        is: task,
        logged: { event: "created", task },
        creation: value && { key, value },
      });
      return version === undefined ? undefined : { task, version };
    });
  }

  async get(id: string): Promise<Stored | null> {
    return await this.#attempt(async () => {
      const { value: task, versionstamp: version } = await this.#kv.read.get<
        Task
      >(keyOf(id));
      return task === null ? null : { task, version };
    });
  }

  async list(filter: TaskFilter, range: PageRange): Promise<Page> {
    const prefix = indexOf(filter);
    const selector = range.before === undefined
      ? { prefix }
      : { prefix, end: [...prefix, range.before] };
    return await this.#attempt(() =>
      readPage(
        this.#kv.read.list<Task>(selector, {
          reverse: true,
          limit: MOST_SCANNED,
          batchSize: range.limit + 1,
        }),
        filter,
        range.limit,
      )
    );
  }

  async update(
    id: string,
    patch: Partial<TaskFields>,
    matches?: Matches,
  ): Promise<Stored | null> {
    return await this.#attempt(async () => {
      const { rev, entry } = await this.#readToWrite(id, matches);
      if (entry.value === null) return null;
      if (Object.keys(patch).length === 0) {
        return { task: entry.value, version: entry.versionstamp };
      }
      const updatedAt = new Date(this.#settings.now()).toISOString();
      const task = { ...entry.value, ...patch, updatedAt };
      const version = await this.#write({
        rev,
        checks: [entry],
        was: entry.value,
        is: task,
        logged: { event: "updated", task },
      });
      return version === undefined ? undefined : { task, version };
    });
  }

  async delete(id: string, matches?: Matches): Promise<boolean> {
    return await this.#attempt(async () => {
      const { rev, entry } = await this.#readToWrite(id, matches);
      if (entry.value === null) return false;
      const version = await this.#write({
        rev,
        checks: [entry],
        was: entry.value,
        is: null,
        logged: { event: "deleted", taskId: id },
      });
      return version === undefined ? undefined : true;
    });
  }

  async changes(options: ChangesOptions): Promise<Changes> {
    return await this.#feed.follow(options);
  }

  async ping(): Promise<void> {
    await this.#attempt(() => this.#kv.read.get(REV));
  }

  async verify(): Promise<readonly string[]> {
    return await verifyRows(this.#kv.read);
  }

  async sweep(): Promise<number> {
    const time = this.#settings.now() - DAY_MS;
    return await this.#attempt(() => sweepBefore(this.#kv.write, time));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#open.disposeAsync();
  }

  async #attempt<T>(body: () => Promise<T | undefined>): Promise<T> {
    return await attempt(this.#settings.timeoutMs, body);
  }

  async #readToWrite(
    id: string,
    matches: Matches = () => true,
  ): Promise<
    { rev: Deno.KvEntryMaybe<string>; entry: Deno.KvEntryMaybe<Task> }
  > {
    const [rev, entry] = await this.#kv.read.getMany<[string, Task]>([
      REV,
      keyOf(id),
    ]);
    if (entry.value !== null && !matches(entry.versionstamp)) {
      throw mismatch(id, entry.versionstamp);
    }
    return { rev, entry };
  }

  /** Resolves to the new version, or to `undefined` where a check failed. */
  async #write(
    { rev, checks, was, is, logged, creation }: Write,
  ): Promise<string | undefined> {
    const { write: kv } = this.#kv;
    const write = crypto.randomUUID();
    const row = { ...logged, at: this.#settings.now(), write };
    const atomic = addChange(kv, kv.atomic().check(...checks), row, was, is);
    if (creation) atomic.set(creation.key, creation.value);
    const result = await atomic.commit();
    return result.ok
      ? result.versionstamp
      : await this.#findWrite(write, rev.versionstamp ?? "");
  }

  // A remote store sends a write again where the answer was lost. The check then
  // fails because of the very write that it belongs to: the log tells.
  async #findWrite(write: string, since: string): Promise<string | undefined> {
    const rows = this.#kv.read.list<LogRow>({
      prefix: LOG,
      start: [...LOG, since],
    });
    for await (const { value, versionstamp } of rows) {
      if (value.write === write) return versionstamp;
    }
  }
}

// An id that none can have may be too long for a key. There is no row at TASK.
function keyOf(id: string): Deno.KvKey {
  return isUlid(id) ? [...TASK, id] : TASK;
}

// Of two filters the one that leaves less: in an old store most tasks are done.
function indexOf({ done, priority }: TaskFilter): Deno.KvKey {
  if (priority !== undefined && done !== false) return [...PRIORITY, priority];
  return done === undefined ? TASK : [...DONE, done];
}

async function readPage(
  rows: AsyncIterable<Deno.KvEntry<Task>>,
  { done, priority }: TaskFilter,
  limit: number,
): Promise<Page> {
  const items: Task[] = [];
  let scanned = 0;
  let last: string | null = null;
  for await (const { value: task } of rows) {
    scanned++;
    if (
      task.done === (done ?? task.done) &&
      task.priority === (priority ?? task.priority)
    ) {
      if (items.length === limit) return { items, next: items.at(-1)!.id };
      items.push(task);
    }
    last = task.id;
  }
  // There may be more behind what one page may scan.
  return { items, next: scanned === MOST_SCANNED ? last : null };
}

function repeat(seen: Deno.KvEntry<Creation>, once: Once): Stored {
  if (seen.value.bodyHash !== once.bodyHash) {
    throw new StoreError(
      "key-reused",
      `Cannot create the task: its key was used before, for another body`,
    );
  }
  return { task: seen.value.task, version: seen.versionstamp };
}

function mismatch(id: string, version: string): StoreError {
  return new StoreError(
    "version-mismatch",
    `Cannot change task "${id}": it is at version "${version}"`,
    { version },
  );
}

async function sha256(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
