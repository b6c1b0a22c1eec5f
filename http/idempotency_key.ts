/**
 * Reads the `Idempotency-Key` of a request.
 *
 * @module
 */

import { Problem } from "./problem.ts";

/**
 * Reads the key that makes a POST safe to repeat
 * ({@link https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/ | Idempotency-Key}).
 *
 * The draft requires a quoted string (RFC 9651, 3.3.3). Most clients send it without
 * quotes, which is accepted and is the same key.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = { "Idempotency-Key": '"8e03978e"' };
 * const request = new Request("http://localhost/tasks", { headers });
 *
 * assertEquals(readIdempotencyKey(request), "8e03978e");
 * ```
 *
 * @returns The key, or `undefined` if there is no header.
 * @throws {Problem} 400 if it is empty, longer than 255 characters or malformed.
 */
export function readIdempotencyKey(request: Request): string | undefined {
  const value = request.headers.get("Idempotency-Key");
  if (value === null) return undefined;
  const [, quoted, bare] = IDEMPOTENCY_KEY.exec(value) ?? [];
  const key = quoted?.replace(/\\(["\\])/g, "$1") ?? bare;
  if (key !== undefined) return key;
  const detail =
    'Must be 1 to 255 characters in double quotes, such as "8e03978e"';
  throw new Problem("invalid-header", "Invalid Idempotency-Key", {
    errors: [{ header: "Idempotency-Key", detail }],
  });
}

// A quoted string with its two escapes, or visible ASCII but quotes and commas.
/** The form of `Idempotency-Key`. */
export const IDEMPOTENCY_KEY =
  /^(?:"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255})"|([\x21\x23-\x2b\x2d-\x7e]{1,255}))$/;
