/**
 * Finds the path in the address of a request.
 *
 * @module
 */

/**
 * Returns the path of an absolute URL, still percent-encoded, without its query.
 *
 * It cuts the string: parsing it again with `new URL()` would cost more than all
 * of the routing.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(pathOf("http://localhost:8000/tasks/1?done=true"), "/tasks/1");
 * assertEquals(pathOf("http://localhost"), "/");
 * ```
 *
 * @param url The URL of a request, as `request.url` has it.
 * @returns The path. It begins with a slash.
 */
export function pathOf(url: string): string {
  const authority = url.indexOf("://") + 3;
  const start = url.indexOf("/", authority);
  if (start === -1) return "/";
  const query = url.indexOf("?", authority);
  const fragment = url.indexOf("#", authority);
}
