/**
 * Determines the address of a client.
 *
 * @module
 */

/**
 * Returns the address of the client, from sources that it cannot forge.
 *
 * Each proxy appends the address that called it to `X-Forwarded-For`. Entries
 * before those of our own proxies were sent by the client, so the address is the
 * entry of the outermost of our proxies; without one, that of the connection.
 *
 * An IPv6 address is cut to its first half, since a site gets all addresses that
 * share it ({@link https://www.rfc-editor.org/rfc/rfc6177#section-2 | RFC 6177, 2}).
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ "X-Forwarded-For": "10.9.9.9, 203.0.113.7" });
 *
 * assertEquals(clientAddress(headers, "127.0.0.1", 1), "203.0.113.7");
 * assertEquals(clientAddress(headers, "2001:db8::7", 0), "2001:db8:0:0");
 * ```
 *
 * @param hops How many of our own proxies each request passes.
 * @returns The address, cut to 64 characters.
 */
export function clientAddress(
  headers: Headers,
  connection: string,
  hops: number,
): string {
  if (hops === 0) return networkOf(connection);
  const added = headers.get("X-Forwarded-For")?.split(",").at(-hops)?.trim();
  return networkOf(added || connection);
}

function networkOf(address: string): string {
  const ipv4 = /^(?:::ffff:)?(\d+(?:\.\d+){3})(?::\d+)?$/i.exec(address)?.[1];
  if (ipv4 !== undefined) return ipv4;
  const [, ipv6 = address] = /^\[([^\]]*)\]/.exec(address) ?? [];
  if (!ipv6.includes(":")) return ipv6.slice(0, 64);

  // "::" replaces as many zeros as are missing (RFC 4291, 2.2).
  const [left = [], right = []] = ipv6.slice(0, 64).split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const missing = Array(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...missing, ...right].slice(0, 4).join(":");
}
