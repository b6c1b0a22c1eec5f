/**
 * What the routes ask of a store of tasks, and nothing of how it is done.
 *
 * Another engine takes the place of `kv_store.ts` by passing the tests in
 * `tests/routes/tasks/store_contract.ts`.
 *
 * @module
 */

import type { Priority, Task, TaskFields } from "./task.ts";

/** A task and the version that it is stored at. */
export interface Stored {
  /** The task. */
  readonly task: Task;
  /** Version, 20 hex digits. It grows with every write to the store. */
  readonly version: string;
}

/** Some tasks, newest first, and where the next ones begin. */
export interface Page {
  /** The tasks. Fewer than were asked for do not mean that there are no more. */
  readonly items: readonly Task[];
  /** What to pass as `before` for the next page; `null` on the last one. */
  readonly next: string | null;
}

/** Which part of a list to read. */
export interface PageRange {
  /** How many tasks, at most. */
  limit: number;
  /** Only tasks that are older than this id. The task need not exist any more. */
  before?: string | undefined;
}

/** Which tasks to list. Both together mean "and". */
export interface TaskFilter {
  /** Only tasks that are, or are not, done. */
  done?: boolean | undefined;
  /** Only tasks of this priority. */
  priority?: Priority | undefined;
}

/** What makes a creation safe to repeat. */
export interface Once {
  /** The client's own name for the creation. */
  key: string;
  /** What tells one request body from another. */
  bodyHash: string;
}

/** Tells whether a version is one that the caller will have changed. */
export type Matches = (version: string) => boolean;

/**
 * One change. Its `id` begins with the version that it gave the task, and is what to
 * pass as `after` to hear of the changes since. `reset` means that the log does not
 * reach back to `after`: list again.
 */
export type Change =
  & { readonly id: string }
  & (
    | { readonly event: "created" | "updated"; readonly task: Task }
    | { readonly event: "deleted"; readonly taskId: string }
    | { readonly event: "reset" }
  );

/**
 * The form of the id of a {@linkcode Change}: a version, then the place among those
 * that were written together, where it is not the first.
 */
export const CHANGE_ID = /^[0-9a-f]{20}(?:[0-9a-f]{2})?$/;

/** Changes in their order, each once, until the signal aborts or the store closes. */
export interface Changes extends AsyncIterable<Change> {
  /** The last change before these: what to pass as `after` where none came. */
  readonly from: string;
}

/** Which changes to hear of. */
export interface ChangesOptions {
  /** Id of the last change that is known. Without it: what changes from now on. */
  after?: string | undefined;
  /** Ends the iteration, without an error. */
  signal: AbortSignal;
}

/**
 * A store of tasks.
 *
 * Every method rejects with a {@linkcode StoreError} where the store has no
 * answer in time, or where its code says so. A write is not begun after its `signal`
 * aborted: nobody waits for it any more, and whoever did was told so.
 */
export interface TaskStore extends AsyncDisposable {
  /**
   * Stores a new task. With `once`, the same key and hash within 24 hours resolve
   * to the first answer, whatever became of the task, and create nothing.
   */
  create(
    fields: TaskFields,
    once?: Once,
    signal?: AbortSignal,
  ): Promise<Stored>;
  /** Reads a task, or `null` where there is none. */
  get(id: string): Promise<Stored | null>;
  /** Reads a page of tasks, newest first. */
  list(filter: TaskFilter, range: PageRange): Promise<Page>;
  /**
   * Changes the fields that `patch` names, or resolves to `null` where there is no
   * such task. An empty patch writes nothing and keeps the version.
   */
  update(
    id: string,
    patch: Partial<TaskFields>,
    matches?: Matches,
    signal?: AbortSignal,
  ): Promise<Stored | null>;
  /** Deletes a task. Resolves to whether there was one. */
  delete(
    id: string,
    matches?: Matches,
    signal?: AbortSignal,
  ): Promise<boolean>;
  /** Follows what changes. Nothing is missed from the moment that it resolves. */
  changes(options: ChangesOptions): Promise<Changes>;
  /** Resolves where the store can be read. */
  ping(): Promise<void>;
  /**
   * Checks every row against every other. Resolves to one sentence for each
   * violation. Call it while nobody writes.
   */
  verify(): Promise<readonly string[]>;
  /** Removes what is out of date. Resolves to how many rows that were. */
  sweep(): Promise<number>;
}

/**
 * Why a store did not do what it was asked:
 *
 * - `conflict`: a write lost its race more often than it may be retried;
 * - `version-mismatch`: `matches` said no to the version in {@linkcode StoreError.version};
 * - `key-reused`: the key of a creation was used before, for another body;
 * - `unavailable`: no answer in time, or the disk, the network or the file failed.
 */
export type StoreErrorCode =
  | "conflict"
  | "version-mismatch"
  | "key-reused"
  | "unavailable";

/** Options for {@linkcode StoreError}. */
export interface StoreErrorOptions extends ErrorOptions {
  /** The version that the task is at. */
  version?: string;
}

/**
 * An error of the store that its caller can tell by a code.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new StoreError("conflict", "Cannot write: others were faster");
 *
 * assertEquals(error.code, "conflict");
 * ```
 */
export class StoreError extends Error {
  /** Name of the class. */
  override readonly name = "StoreError";
  /** Why. */
  readonly code: StoreErrorCode;
  /** The version that the task is at, where `code` is `version-mismatch`. */
  readonly version: string | undefined;

  /**
   * Constructs a new instance.
   *
   * @param code Why.
   * @param message What could not be done, and why.
   * @param options The cause, or the version.
   */
  constructor(
    code: StoreErrorCode,
    message: string,
    options: StoreErrorOptions = {},
  ) {
    super(message, options);
    this.code = code;
    this.version = options.version;
  }
}
