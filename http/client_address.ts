/**
 * Finds out whose request it is.
 *
 * @module
 */

/**
 * Returns the address of the client, as far as it can be believed.
 *
 * Each proxy adds the address that it was called from at the end of
 * `X-Forwarded-For`. What stands before those is what the client itself said, and
 * clients lie. So the address is the one that the outermost of *our* proxies added,
 * counted from the end, and without a proxy it is that of the connection.
 *
 * Of IPv6 it is the first half: whoever has one address has all that share it
 * ({@link https://www.rfc-editor.org/rfc/rfc6177#section-2 | RFC 6177, 2}).
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = new Headers({ "X-Forwarded-For": "10.9.9.9, 203.0.113.7" });
 *
 * assertEquals(clientAddress(headers, "127.0.0.1", 0), "127.0.0.1");
 * assertEquals(clientAddress(headers, "127.0.0.1", 1), "203.0.113.7");
 * assertEquals(clientAddress(headers, "2001:db8::7", 0), "2001:db8:0:0");
 * ```
 *
 * @param headers Headers of the request.
 * @param connection Address of the other end of the connection.
 * @param hops How many proxies of ours each request comes through.
 * @returns The address, at most 64 characters of it.
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
  const [, ipv4] = /^(?:::ffff:)?(\d+(?:\.\d+){3})(?::\d+)?$/i.exec(address) ??
    [];
  if (ipv4 !== undefined) return ipv4;
  const [, ipv6 = address] = /^\[([^\]]*)\]/.exec(address) ?? [];
  if (!ipv6.includes(":")) return ipv6.slice(0, 64);

  // "::" stands for as many zeros as are missing (RFC 4291, 2.2).
  const [left = [], right = []] = ipv6.slice(0, 64).split("::")
    .map((part) => part.split(":").filter((group) => group !== ""));
  const missing = Array(Math.max(0, 8 - left.length - right.length)).fill("0");
  return [...left, ...missing, ...right].slice(0, 4).join(":");
}
