/**
 * Entity tags made of the versions that the store gives.
 *
 * @module
 */

import { ifMatch, ifNoneMatch } from "@std/http/etag";
import { Problem } from "./problem.ts";

/**
 * Writes a version as a strong entity tag (RFC 9110, 8.8.3).
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(entityTag("0001"), '"0001"');
 * ```
 *
 * @param version The version.
 * @returns The entity tag.
 */
export function entityTag(version: string): string {
  return `"${version}"`;
}

/** Tells whether a header names a version. */
export type Names = (version: string) => boolean;

/**
 * Reads which versions the client has, or wants not to be there (`If-None-Match`).
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const headers = { "If-None-Match": 'W/"0001", "0002"' };
 * const has = readIfNoneMatch(new Request("http://localhost/", { headers }))!;
 *
 * assert(has("0002"));
 * assertFalse(has("0003"));
 * ```
 *
 * @param request The request.
 * @returns A function that tells whether the header names a version, or `undefined`
 * where the client has sent none.
 * @throws {Problem} 400 if the header is malformed.
 */
export function readIfNoneMatch(request: Request): Names | undefined {
  const tags = readTags(request, "If-None-Match");
  if (tags === undefined) return undefined;
  return (version) => !ifNoneMatch(tags, entityTag(version));
}

/**
 * Reads which versions the client wants to be there (`If-Match`).
 *
 * A `W/` prefix is accepted: a compressing proxy puts it there on the way to the
 * client. Our tag is a version, not a hash of bytes, so a weakened one still names
 * the right task.
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const headers = { "If-Match": 'W/"0001"' };
 * const wants = readIfMatch(new Request("http://localhost/", { headers }))!;
 *
 * assert(wants("0001"));
 * assertFalse(wants("0002"));
 * ```
 *
 * @param request The request.
 * @returns A function that tells whether the header names a version, or `undefined`
 * where the client has sent none.
 * @throws {Problem} 400 if the header is malformed.
 */
export function readIfMatch(request: Request): Names | undefined {
  // Each tag is matched whole, so that a W/ within the quotes stays.
  const tags = readTags(request, "If-Match")
    ?.replace(/(?:W\/)?("[^"]*")/g, "$1");
  if (tags === undefined) return undefined;
  return (version) => ifMatch(tags, entityTag(version));
}

// RFC 9110, 8.8.3 and 13.1.1: "*", or a list of tags. A list may have empty
// elements (5.6.1). No separator can be read in two ways, so a match stays linear.
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
const TAGS = new RegExp(
  String.raw`^(?:\*|[ \t,]*${TAG}(?:[ \t]*,[ \t,]*${TAG})*[ \t,]*)$`,
);

function readTags(
  { headers }: Request,
  header: "If-Match" | "If-None-Match",
): string | undefined {
  const value = headers.get(header);
  if (value === null) return undefined;
  if (TAGS.test(value)) return value;
  const detail = 'Must be "*" or entity tags in double quotes, such as "0001"';
  throw new Problem("invalid-header", `Cannot read ${header}`, {
    errors: [{ header, detail }],
  });
}
