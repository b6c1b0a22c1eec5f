import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { CorsConfigError } from "../../../middleware/cors/error.ts";
import { originMatcher } from "../../../middleware/cors/origins.ts";

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
  Deno.test(`originMatcher() matches ${origins}`, () => {
    const isAllowed = originMatcher(origins);

    assertEquals(yes.filter((origin) => !isAllowed(origin)), []);
    assertEquals(no.filter(isAllowed), []);
  });
}

Deno.test("originMatcher() matches everything with a wildcard", () => {
  for (const origins of ["*", ["*"], ["*", "*"]] as const) {
    const isAllowed = originMatcher(origins);
    assert(isAllowed("https://a.com") && isAllowed("null") && isAllowed(null));
  }
});

Deno.test("originMatcher() throws every invalid origin, with its cure", () => {
  const error = assertThrows(
    () => originMatcher(["*", "https://a.com", "https://b.com/"]),
    CorsConfigError,
  );

  assertEquals(
    error.message,
    `Invalid CORS options:
  origins.0: Cannot allow origin "*": remove it, or remove the entries beside "*"
  origins.2: Cannot allow origin "https://b.com/": write "https://b.com"`,
  );
});

Deno.test("originMatcher() finds one of 10,000 patterns", () => {
  const hosts = Array.from({ length: 10000 }, (_, i) => `https://*.h${i}.com`);
  const isAllowed = originMatcher(hosts);

  assert(isAllowed("https://a.b.h9999.com"));
  assertFalse(isAllowed("https://a.b.h10000.com"));
});

Deno.test("originMatcher() allows a public suffix with its option", () => {
  const origins = ["https://*.vercel.app"];
  assertThrows(() => originMatcher(origins), CorsConfigError, "vercel.app");

  const options = { dangerouslyAllowPublicSuffixes: true };
  assert(originMatcher(origins, options)("https://mine.vercel.app"));
});
