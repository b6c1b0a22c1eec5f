/**
 * Keeps the tasks in Deno KV.
 *
 * Every write checks what it relies on and, by its own success, makes that check
 * fail: sent twice, it is done once. Which rows there are is told in
 * `kv_layout.ts`.
 *
 * @module
 */

import { createExpiry } from "../../http/expiry.ts";
import { ChangeFeed } from "./change_feed.ts";
import { attemptBefore } from "./kv_attempt.ts";
import { breaker, type Call } from "./kv_breaker.ts";
import { type Creation, IDEMPOTENCY, REV, TASK } from "./kv_layout.ts";
import { readPage } from "./kv_page.ts";
import { type Progress, sweepBefore } from "./kv_sweep.ts";
import { verifyRows } from "./kv_verify.ts";
import type { Change } from "./kv_write.ts";
import { KvWriter } from "./kv_writer.ts";
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

/** Options for {@linkcode openTaskStore}. */
export interface TaskStoreOptions {
  /**
   * What `Deno.openKv` takes: a file, `:memory:`, or the URL of a KV Connect
   * server. On Deno Deploy leave it out.
   */
  path?: string | undefined;
  /** Milliseconds that a call may take. @default {5000} */
  timeoutMs?: number;
  /** Milliseconds between two looks at what others changed. @default {1000} */
  pollMs?: number;
  /** Milliseconds between two sweeps. @default {60000} */
  sweepMs?: number;
  /** Clock that returns milliseconds since 1970. @default {Date.now} */
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
  const kv = await openKv(options.path, timeoutMs);
  return new KvTaskStore(kv, { timeoutMs, pollMs, sweepMs, now });
}

type Settings = Required<Omit<TaskStoreOptions, "path">>;

class KvTaskStore implements TaskStore {
  readonly #kv: KvHandles;
  readonly #settings: Settings;
  readonly #ulid: () => string;
  readonly #feed: ChangeFeed;
  readonly #writer: KvWriter;
  // A store that cannot be written to may well be read.
  readonly #toRead: Call;
  readonly #toWrite: Call;
  readonly #swept: Progress = {};
  readonly #resources = new AsyncDisposableStack();

  constructor(kv: KvHandles, settings: Settings) {
    this.#kv = this.#resources.use(kv);
    this.#settings = settings;
    this.#ulid = createUlid(settings.now);
    this.#writer = new KvWriter(kv.write, kv.inTurn);
    const expiry = this.#resources.use(createExpiry(settings.timeoutMs));
    const inTime: Call = (body, signal) => attemptBefore(expiry, body, signal);
    this.#toRead = breaker(inTime);
    this.#toWrite = breaker(inTime);
    this.#feed = this.#resources.use(
      new ChangeFeed(kv, this.#toRead, settings.pollMs),
    );
    // What a sweep that fails leaves there, the next one removes.
    const sweep = (): void => void this.sweep().catch(() => {});
    this.#resources.adopt(setInterval(sweep, settings.sweepMs), clearInterval);
  }

  async create(
    fields: TaskFields,
    once?: Once,
    signal?: AbortSignal,
  ): Promise<Stored> {
    const at = this.#settings.now();
    const createdAt = new Date(at).toISOString();
    const id = this.#ulid();
    const task = { id, ...fields, createdAt, updatedAt: createdAt };
    const absent = { key: keyOf(id), versionstamp: null };
    const change = { write: id, checks: [absent], was: null, is: task, at };
    if (once === undefined) {
      return await this.#toWrite(
        (isOver) => this.#write(change, isOver),
        signal,
      );
    }

    const key = [...IDEMPOTENCY, await sha256(once.key)];
    const value = { task, bodyHash: once.bodyHash, at };
    return await this.#toWrite(async (isOver) => {
      const [rev, seen] = await this.#kv.read.getMany<[string, Creation]>(
        [REV, key],
      );
      if (seen.value && at - seen.value.at < DAY_MS) return repeat(seen, once);
      return await this.#write({
        ...change,
        checks: [absent, seen],
        since: rev.versionstamp,
        creation: { key, value },
      }, isOver);
    }, signal);
  }

  async get(id: string): Promise<Stored | null> {
    return await this.#toRead(async () => {
      const row = await this.#kv.read.get<Task>(keyOf(id));
      return row.value && { task: row.value, version: row.versionstamp };
    });
  }

  async list(filter: TaskFilter, range: PageRange): Promise<Page> {
    return await this.#toRead(() => readPage(this.#kv.read, filter, range));
  }

  async update(
    id: string,
    patch: Partial<TaskFields>,
    matches?: Matches,
    signal?: AbortSignal,
  ): Promise<Stored | null> {
    const isEmpty = Object.keys(patch).length === 0;
    return await this.#toWrite(async (isOver) => {
      const [rev, row] = await this.#readToWrite(id, matches);
      const { value: was, versionstamp: version } = row;
      if (was === null) return null;
      if (isEmpty) return { task: was, version };

      const at = this.#settings.now();
      const is = { ...was, ...patch, updatedAt: new Date(at).toISOString() };
      return await this.#write({ ...basedOn(rev, row), was, is, at }, isOver);
    }, signal);
  }

  async delete(
    id: string,
    matches?: Matches,
    signal?: AbortSignal,
  ): Promise<boolean> {
    return await this.#toWrite(async (isOver) => {
      const [rev, row] = await this.#readToWrite(id, matches);
      const { value: was } = row;
      if (was === null) return false;
      const at = this.#settings.now();
      const change = { ...basedOn(rev, row), was, is: null, at };
      const version = await this.#writer.write(change, isOver);
      return version === undefined ? undefined : true;
    }, signal);
  }

  async changes(options: ChangesOptions): Promise<Changes> {
    return await this.#feed.follow(options);
  }

  async ping(): Promise<void> {
    await this.#toRead(() => this.#kv.read.get(REV));
  }

  async verify(): Promise<readonly string[]> {
    return await verifyRows(this.#kv.read);
  }

  async sweep(): Promise<number> {
    const time = this.#settings.now() - DAY_MS;
    return await this.#toWrite(() =>
      sweepBefore(this.#kv.write, time, this.#swept)
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #readToWrite(
    id: string,
    matches: Matches = () => true,
  ): Promise<[Deno.KvEntryMaybe<string>, Deno.KvEntryMaybe<Task>]> {
    const [rev, row] = await this.#kv.read.getMany<[string, Task]>(
      [REV, keyOf(id)],
    );
    if (row.value === null || matches(row.versionstamp)) return [rev, row];
    throw new StoreError(
      "version-mismatch",
      `Cannot change task "${id}": it is at version "${row.versionstamp}"`,
      { version: row.versionstamp },
    );
  }

  async #write(
    change: Change & { is: Task },
    isOver: () => boolean,
  ): Promise<Stored | undefined> {
    const version = await this.#writer.write(change, isOver);
    return version === undefined ? undefined : { task: change.is, version };
  }
}

/** What a change has, whatever it is, that was made of rows as they were read. */
function basedOn(
  { versionstamp: since }: Deno.KvEntryMaybe<string>,
  row: Deno.KvEntryMaybe<Task>,
): Pick<Change, "write" | "checks" | "since"> {
  return { write: crypto.randomUUID(), checks: [row], since };
}

// What has not the form of an id may be too long for a key. No row is at TASK.
function keyOf(id: string): Deno.KvKey {
  return isUlid(id) ? [...TASK, id] : TASK;
}

function repeat(
  { value, versionstamp }: Deno.KvEntry<Creation>,
  { bodyHash }: Once,
): Stored {
  if (value.bodyHash === bodyHash) {
    return { task: value.task, version: versionstamp };
  }
  throw new StoreError(
    "key-reused",
    "Cannot create the task: its idempotency key came with another body before",
  );
}

async function sha256(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}
