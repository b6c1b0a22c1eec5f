export type StoreErrorCode =
  | "conflict"
  | "version-mismatch"
  | "key-reused"
  | "too-large"
  | "unavailable";
export class StoreError extends Error {
  readonly code: StoreErrorCode;
  readonly version: string | undefined;
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
