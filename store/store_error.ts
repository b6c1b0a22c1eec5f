/**
 * The error that the store rejects with.
 *
 * @module
 */

/**
 * Why the store rejected a call:
 *
 * - `conflict`: other writers were faster on every retry;
 * - `version-mismatch`: the precondition did not hold for {@linkcode StoreError.version};
 * - `key-reused`: the idempotency key was used before, with another body;
 * - `too-large`: the value, or a key made of it, is larger than the store takes;
 * - `unavailable`: the call timed out, or the disk, the network or the file failed.
 */
export type StoreErrorCode =
  | "conflict"
  | "version-mismatch"
  | "key-reused"
  | "too-large"
  | "unavailable";

/**
 * An error of the store, with a code that callers can match.
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
  /** Why the call was rejected. */
  readonly code: StoreErrorCode;
  /** Version of the stored value, where `code` is `version-mismatch`. */
  readonly version: string | undefined;

  /** Constructs a new instance. */
  constructor(
    code: StoreErrorCode,
    message: string,
    options: ErrorOptions & { version?: string } = {},
  ) {
    super(message, options);
    this.code = code;
    this.version = options.version;
  }
}
