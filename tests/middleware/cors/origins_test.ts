import { assertEquals } from "@std/assert";
import {
  compileOrigins,
  isLoopback,
  parseOrigin,
} from "../../../middleware/cors/origins.ts";

const ORIGINS: [text: string, parts: string | undefined][] = [
  ["https://a_b.example.com", "https false a_b.example.com "],
  ["http://*.example.com:8080", "http true example.com :8080"],
  ["http://[::1]:*", "http false [::1] :*"],
  ["https://example.com:443", undefined],
  ["https://example.com.", undefined],
  ["https://Example.com", undefined],
  ["https://*", undefined],
  ["null", undefined],
  ["moz-extension://*", "moz-extension false * "],
  ["safari-web-extension://ABC", "safari-web-extension false ABC "],
  ["moz-extension://*:8080", undefined],
];

for (const [text, parts] of ORIGINS) {
  Deno.test(`parseOrigin() returns ${parts} for ${text}`, () => {
    const { scheme, wild, host, port } = parseOrigin(text) ?? {};
    const found = scheme && [scheme, wild, host, port].join(" ");
    assertEquals(found, parts);
  });
}

Deno.test("isLoopback() finds the hosts of the browser's own machine", () => {
  const hosts = ["localhost", "a.localhost", "127.0.0.1", "[::1]"];
  assertEquals(hosts.filter(isLoopback), hosts);
  assertEquals(["notlocalhost", "127.a", "0.0.0.0"].filter(isLoopback), []);
});

const LABEL_63 = "a".repeat(63);

const MATCHES: [origins: string[], yes: string[], no: (string | null)[]][] = [
  [
    ["https://a.com", "https://b.com:8443", "http://[::1]:9090"],
    ["https://a.com", "https://b.com:8443", "http://[::1]:9090"],
    [
      null,
      "",
      "null",
      "*",
      "https://b.com",
      "https://a.com:8443",
      "https://a.com:443",
      "http://a.com",
      "https://A.com",
      "HTTPS://a.com",
      "https://a.com/",
      "https://a.com.",
      " https://a.com",
      "https://a.com.evil.test",
      "https://xa.com",
      "https://x.a.com",
      "https://ab.com",
      "https://a.com https://b.com:8443",
      "constructor",
      "__proto__",
      "toString",
    ],
  ],
  [
    ["https://*.a.com", "https://*.b.com:8443"],
    [
      "https://x.a.com",
      "https://x.y.z.a.com",
      "https://xn--bcher-kva.a.com",
      "https://1.a.com",
      "https://x--y.a.com",
      "https://a_b.a.com",
      "https://_.a.com",
      "https://x.b.com:8443",
      `https://${LABEL_63}.a.com`,
      `https://${"a.".repeat(124)}a.com`,
    ],
    [
      "https://a.com",
      "https://.a.com",
      "https://x..a.com",
      "https://xa.com",
      "https://x.a.com.evil.test",
      "https://x.a.com:8443",
      "https://x.a.com:443",
      "https://x.b.com",
      "https://x.b.com:08443",
      "http://x.a.com",
      "https://X.a.com",
      "https://*.a.com",
      "https://x.*.a.com",
      "https://evil.test?.a.com",
      "https://evil.test/.a.com",
      "https://evil.test#.a.com",
      "https://evil.test`.a.com",
      "https://evil.test, https://x.a.com",
      "https://evil .a.com",
      "https://-x.a.com",
      "https://x-.a.com",
      "https://\u00e9.a.com",
      "https://user@x.a.com",
      "https://x.a.com/",
      `https://${"a".repeat(64)}.a.com`,
      `https://${"a.".repeat(125)}a.com`,
      `https://${"a.".repeat(30000)}a.com`,
      null,
    ],
  ],
  [
    ["http://localhost:*", "http://*.localhost:*", "https://[::1]:*"],
    [
      "http://localhost",
      "http://localhost:1",
      "http://localhost:65535",
      "http://localhost:443",
      "http://a.localhost",
      "http://a.b.localhost:3000",
      "https://[::1]",
      "https://[::1]:5173",
    ],
    [
      "http://localhost:",
      "http://localhost:0",
      "http://localhost:80",
      "http://localhost:*",
      "http://localhost:03000",
      "http://localhost:65536",
      "http://localhost:3000.evil.test",
      "http://localhost.evil.test",
      "http://evillocalhost:3000",
      "https://localhost:3000",
      "https://[::1]:443",
      "https://[::1%25]:5173",
      "http://[::1]:5173",
    ],
  ],
  [["http://localhost:*"], ["http://localhost:3000"], [
    "http://evil.localhost:3000",
  ]],
  [
    ["moz-extension://*", "safari-web-extension://*", "https://*.a.com"],
    [
      "moz-extension://0f2c5a5e-3c1a-4f6b-9c39-0d9b6a3f1c2e",
      "safari-web-extension://0F2C5A5E-3C1A-4F6B-9C39-0D9B6A3F1C2E",
      "https://x.a.com",
    ],
    [
      "moz-extension://*",
      "moz-extension://",
      "moz-extension://0f2c:8080",
      "moz-extension://0f2c/",
      "moz-extension://a.com",
      "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
      "xmoz-extension://0f2c",
      "https://0f2c5a5e-3c1a-4f6b-9c39-0d9b6a3f1c2e",
      `moz-extension://${"a.".repeat(30000)}`,
    ],
  ],
  [[], [], ["https://a.com", "null", null]],
];

for (const [origins, yes, no] of MATCHES) {
  Deno.test(`compileOrigins() matches ${origins}`, () => {
    const allow = compileOrigins(origins);

    assertEquals(yes.map(allow), yes);
    assertEquals(no.filter((origin) => allow(origin) !== undefined), []);
  });
}

Deno.test("compileOrigins() matches everything with a wildcard", () => {
  for (const origins of ["*", ["*"], ["*", "*"]] as const) {
    const allow = compileOrigins(origins);
    assertEquals(["https://a.com", "null", null].map(allow), ["*", "*", "*"]);
  }
});

Deno.test("compileOrigins() finds one of 10,000 patterns", () => {
  const hosts = Array.from({ length: 10000 }, (_, i) => `https://*.h${i}.com`);
  const allow = compileOrigins(hosts);

  assertEquals(allow("https://a.b.h9999.com"), "https://a.b.h9999.com");
  assertEquals(allow("https://a.b.h10000.com"), undefined);
});
