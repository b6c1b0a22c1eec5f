import { assertEquals } from "@std/assert";
import {
  isLoopback,
  parseExtension,
  parseOrigin,
} from "../../../middleware/cors/origin.ts";

const ORIGINS: [text: string, parts: string | undefined][] = [
  ["https://a_b.example.com", "https false a_b.example.com "],
  ["http://*.example.com:8080", "http true example.com :8080"],
  ["http://[::1]:*", "http false [::1] :*"],
  ["https://example.com:443", undefined],
  ["https://example.com.", undefined],
  ["https://Example.com", undefined],
  ["https://*", undefined],
  ["null", undefined],
];

for (const [text, parts] of ORIGINS) {
  Deno.test(`parseOrigin() returns ${parts} for ${text}`, () => {
    const { scheme, wild, host, port } = parseOrigin(text) ?? {};
    const found = scheme && [scheme, wild, host, port].join(" ");
    assertEquals(found, parts);
  });
}

Deno.test("parseExtension() returns the scheme and the ID", () => {
  const texts = ["moz-extension://*", "chrome-extension://abc", "https://a"];
  assertEquals(texts.map(parseExtension), [
    ["moz-extension", "*"],
    ["chrome-extension", "abc"],
    ["", ""],
  ]);
});

Deno.test("isLoopback() finds the hosts of the browser's own machine", () => {
  const hosts = ["localhost", "a.localhost", "127.0.0.1", "[::1]"];
  assertEquals(hosts.filter(isLoopback), hosts);
  assertEquals(["notlocalhost", "127.a", "0.0.0.0"].filter(isLoopback), []);
});
