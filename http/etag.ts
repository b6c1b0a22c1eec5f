/**
 * Entity tags, and the conditions of requests.
 *
 * @module
 */

import { ifNoneMatch } from "@std/http/etag";
import { Problem } from "./problem.ts";

/**
 * Formats a version as a strong entity tag (RFC 9110, 8.8.3).
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(entityTag("0001"), '"0001"');
 * ```
 */
export function entityTag(version: string): string {
  return `"${version}"`;
}

/**
 * Reads the versions in `If-Match` or `If-None-Match`.
 *
 * For `If-Match` too it ignores a `W/` prefix (unlike RFC 9110, 13.1.1), which
 * compressing proxies add on the way to the client. The tag is a version and not a
 * hash of the bytes, so a weak one still identifies the right version.
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const headers = { "If-Match": 'W/"0001", "0002"' };
 * const request = new Request("http://localhost/", { headers });
 * const isListed = readPrecondition(request, "If-Match")!;
 *
 * assert(isListed("0001"));
 * assertFalse(isListed("0003"));
 * ```
 *
 * @returns A function that returns whether the header lists a version, or
 * `undefined` if there is no header.
 * @throws {Problem} 400 if the header is malformed.
 */
export function readPrecondition(
  request: Request,
  header: "If-Match" | "If-None-Match",
): ((version: string) => boolean) | undefined {
  const tags = readTags(request, header);
  if (tags === null) return undefined;
  // The weak comparison, which only ifNoneMatch() has.
  return (version) => !ifNoneMatch(tags, entityTag(version));
}

/**
 * Responds to GET with the tag of a representation, and with 304 if `If-None-Match`
 * lists it: then the client has the representation, and none is made.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = { "If-None-Match": '"0001"' };
 * const request = new Request("http://localhost/", { headers });
 * const respond = () => new Response("hello");
 *
 * assertEquals((await unlessCurrent(request, '"0001"', respond)).status, 304);
 * ```
 *
 * @throws {Problem} 400 if the header is malformed.
 */
export async function unlessCurrent(
  request: Request,
  tag: string,
  respond: () => Response | Promise<Response>,
): Promise<Response> {
  const isCurrent = !ifNoneMatch(readTags(request, "If-None-Match"), tag);
  const response = isCurrent
    ? new Response(null, { status: 304 })
    : await respond();
  // A 304 has the ETag that the 200 would have (RFC 9110, 15.4.5).
  response.headers.set("ETag", tag);
  return response;
}

function readTags({ headers }: Request, header: string): string | null {
  const tags = headers.get(header);
  if (tags === null || ENTITY_TAGS.test(tags)) return tags;
  const detail = 'Must be "*" or entity tags in double quotes, such as "0001"';
  throw new Problem("invalid-header", `Invalid ${header}`, {
    errors: [{ header, detail }],
  });
}

// RFC 9110, 8.8.3 and 13.1.1: "*", or a list of tags. A list may have empty
// elements (5.6.1). No separator matches in two ways, so the time stays linear.
const TAG = String.raw`(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"`;
/** The form of `If-Match` and `If-None-Match`. */
export const ENTITY_TAGS = new RegExp(
  String.raw`^(?:\*|[ \t,]*${TAG}(?:[ \t]*,[ \t,]*${TAG})*[ \t,]*)$`,
);
