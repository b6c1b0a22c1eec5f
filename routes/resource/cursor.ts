/**
 * Cursors: where a page of a list ends.
 *
 * @module
 */

import { Problem } from "../../http/problem.ts";
import type { Filter, Order, Position } from "../../store/collection.ts";

/** The list that a cursor belongs to. */
export interface CursorList {
  /** Its filter. */
  readonly filter: Filter;
  /** Its order. */
  readonly order?: Order | undefined;
}

/**
 * Encodes the last position of a page, bound to the list.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const list = { filter: { done: true } };
 * const position = { id: "01JD4Z3W6Q8R9TB2CVN5XKYM7P", value: null };
 *
 * assertEquals(decodeCursor(encodeCursor(position, list), list), position);
 * ```
 */
export function encodeCursor(
  { id, value }: Position,
  { filter, order }: CursorList,
): string {
  return new TextEncoder().encode(id + JSON.stringify([value, filter, order]))
    .toBase64({ alphabet: "base64url", omitPadding: true });
}

/**
 * Decodes a cursor that {@linkcode encodeCursor} made for the same list.
 *
 * @throws {Problem} 400 for any other.
 */
export function decodeCursor(cursor: string, list: CursorList): Position {
  const position = positionIn(cursor);
  // Encoded again it is the same, or it was not made here for this list.
  if (position && encodeCursor(position, list) === cursor) return position;
  throw new Problem(
    "invalid-cursor",
    'Invalid cursor: start from the first page, without "cursor"',
  );
}

function positionIn(cursor: string): Position | undefined {
  try {
    const bytes = Uint8Array.fromBase64(cursor, { alphabet: "base64url" });
    const text = new TextDecoder().decode(bytes);
    const [id] = /^[0-9A-Z]{26}/.exec(text)!;
    const [value] = JSON.parse(text.slice(26));
    return Object(value) === value ? undefined : { id, value };
  } catch {
    return undefined;
  }
}
