import { assertEquals } from "@std/assert";
import { clientAddress } from "../../http/client_address.ts";

const CONNECTION = "192.0.2.1";

/** `X-Forwarded-For`, the number of proxies, and the address of the client. */
const FORWARDED: [value: string | null, hops: number, client: string][] = [
  [null, 0, CONNECTION],
  ["203.0.113.7", 0, CONNECTION],
  ["203.0.113.7", 1, "203.0.113.7"],
  // Entries of the client come first.
  ["10.9.9.9, 203.0.113.7", 1, "203.0.113.7"],
  ["10.9.9.9,\t203.0.113.7 , 192.0.2.9", 2, "203.0.113.7"],
  // The request did not pass our proxies.
  [null, 1, CONNECTION],
  ["203.0.113.7", 2, CONNECTION],
  ["", 1, CONNECTION],
  ["203.0.113.7, ", 1, CONNECTION],
];

for (const [value, hops, client] of FORWARDED) {
  Deno.test(`clientAddress() is ${client} for ${JSON.stringify(value)} through ${hops}`, () => {
    const headers = new Headers(
      value === null ? {} : { "X-Forwarded-For": value },
    );

    assertEquals(clientAddress(headers, CONNECTION, hops), client);
  });
}

const ADDRESSES: [address: string, client: string][] = [
  ["192.0.2.1", "192.0.2.1"],
  ["192.0.2.1:50000", "192.0.2.1"],
  ["::ffff:192.0.2.1", "192.0.2.1"],
  ["::1", "0:0:0:0"],
  ["::", "0:0:0:0"],
  ["2001:db8::1", "2001:db8:0:0"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:db8:1:2::6", "2001:db8:1:2"],
  ["[2001:db8:1:2::6]:443", "2001:db8:1:2"],
  ["1::3:4:5:6:7:8", "1:0:3:4"],
  ["unknown", "unknown"],
  ["", ""],
  ["x".repeat(1000), "x".repeat(64)],
];

for (const [address, client] of ADDRESSES) {
  Deno.test(`clientAddress() returns "${client.slice(0, 20)}" for "${address.slice(0, 40)}"`, () => {
    assertEquals(clientAddress(new Headers(), address, 0), client);
  });
}
