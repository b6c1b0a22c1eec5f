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

/**
 * Tells whether the client has this version already (`If-None-Match`).
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const headers = { "If-None-Match": 'W/"0001", "0002"' };
 * assert(clientHas(new Request("http://localhost/", { headers }), "0002"));
 * ```
 *
 * @param request The request.
 * @param version The current version.
 * @returns Whether to answer 304.
 * @throws {Problem} 400 if the header is malformed.
 */
export function clientHas(request: Request, version: string): boolean {
  const wanted = readTags(request, "If-None-Match");
  return wanted !== undefined && !ifNoneMatch(wanted, entityTag(version));
}

/**
 * Reads the condition of a write (`If-Match`).
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
 * const matches = readIfMatch(new Request("http://localhost/", { headers }))!;
 *
 * assert(matches("0001"));
 * assertFalse(matches("0002"));
 * ```
 *
 * @param request The request.
 * @returns A function that tells whether a version is wanted, or `undefined`
 * where the client has set no condition.
 * @throws {Problem} 400 if the header is malformed.
 */
export function readIfMatch(
  request: Request,
): ((version: string) => boolean) | undefined {
  // Each tag is matched whole, so that a W/ within the quotes stays.
  const wanted = readTags(request, "If-Match")
    ?.replace(/(?:W\/)?("[^"]*")/g, "$1");
  if (wanted === undefined) return undefined;
  return (version) => ifMatch(wanted, entityTag(version));
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
