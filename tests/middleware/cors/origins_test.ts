import { assert, assertEquals, assertFalse, assertThrows } from "@std/assert";
import { CorsConfigError } from "../../../middleware/cors/error.ts";
import {
  checkNamed,
  checkOrigin,
  checkSecure,
  originMatcher,
} from "../../../middleware/cors/origins.ts";

const LABEL_63 = "a".repeat(63);
const HOST_253 = `${`${LABEL_63}.`.repeat(3)}${"a".repeat(61)}`;

const GOOD = [
  "*",
  "https://example.com",
  "http://example.com",
  "https://example.com:8443",
  "http://example.com:443",
  "https://example.com:80",
  "https://example.com:1",
  "https://example.com:65535",
  "https://a",
  "https://1a.b-c.d--e.example.com",
  "https://a.123.example.com",
  "https://127.example.com",
  `https://${LABEL_63}.com`,
  `https://${HOST_253}`,
  "https://xn--bcher-kva.example",
  "https://203.0.113.7",
  "http://127.0.0.1:3000",
  "http://[::1]:9090",
  "http://[2001:db8:aaaa:1111::100]",
  "http://[::ffff:7f00:1]",
  "http://localhost:5173",
  "capacitor://localhost",
  "chrome-extension://mdplmiioglkpgkgblfdilgebpppgdlm",
  "moz-extension://8f3c1c1e-0b7a-4c55-9f43-4d2f6a3b1c9d",
  "a+b.c-1://host",
  "https://*.example.com",
  "https://*.a.example.com:8443",
  "https://*.github.io",
  "https://*.localhost",
  `https://*.${HOST_253.slice(2)}`,
  "ws://example.com:443",
  "http://localhost:*",
  "http://*.localhost:*",
  "http://app.localhost:*",
  "https://127.255.0.1:*",
  "http://[::1]:*",
];

for (const origin of GOOD) {
  Deno.test(`checkOrigin() has nothing against ${origin.slice(0, 60)}`, () => {
    assertEquals(checkOrigin(origin), undefined);
  });
}

// A code, or what to write instead.
const BAD: [origin: string, codeOrHint: string][] = [
  ["null", "forbidden"],
  ["file:///x", "forbidden"],
  ["file://example.com", "forbidden"],
  ["FILE:///x", "forbidden"],
  ["data:text/html,x", "forbidden"],
  ["Null", "forbidden"],
  [" null ", "forbidden"],
  ["ws://example.com:80", "ws://example.com"],
  ["wss://example.com:443", "wss://example.com"],
  ["ftp://example.com:21", "ftp://example.com"],
  ["", "syntax"],
  ["https://", "syntax"],
  ["https://example.com/", "https://example.com"],
  ["https://example.com:8443/path?a#b", "https://example.com:8443"],
  ["https://example.com?", "https://example.com"],
  ["https://user:secret@example.com", "https://example.com"],
  ["HTTPS://Example.com:443", "https://example.com"],
  ["https://example.com:443", "https://example.com"],
  ["http://example.com:80", "http://example.com"],
  ["https://example.com:08443", "https://example.com:8443"],
  ["https://example.com:", "https://example.com"],
  ["https://example.com:0", "syntax"],
  ["https://example.com:-1", "syntax"],
  ["https://example.com:abc", "syntax"],
  ["https://example.com:65536", "syntax"],
  ["https://example.com:123456", "syntax"],
  ["https://example.com:80a", "syntax"],
  ["example.com", "https://example.com"],
  ["//example.com", "https://example.com"],
  ["localhost:5173", "http://localhost:5173"],
  ["127.0.0.1:8000", "http://127.0.0.1:8000"],
  ["https:example.com", "https://example.com"],
  ["https:/example.com", "https://example.com"],
  [String.raw`https:\\example.com`, "https://example.com"],
  ["blob:https://example.com", "syntax"],
  [" https://example.com", "https://example.com"],
  ["https://example.com\n", "https://example.com"],
  ["https://exa\tmple.com", "https://example.com"],
  ["https://exa mple.com", "syntax"],
  ["https://example.com\r\nX-Admin: 1", "syntax"],
  ["https://a.com,https://b.com", "syntax"],
  ["https://\uff45xample.com", "https://example.com"],
  ["https://b\u00fccher.example", "https://xn--bcher-kva.example"],
  ["https://xn--f", "syntax"],
  ["https://XN--bcher-kva.example", "https://xn--bcher-kva.example"],
  ["https://a%2eb.com", "https://a.b.com"],
  ["https://a_b.com", "syntax"],
  ["https://example.com.", "https://example.com"],
  ["https://example.com.:8443", "https://example.com:8443"],
  ["https://example..com", "syntax"],
  ["https://.example.com", "syntax"],
  ["https://-a.com", "syntax"],
  ["https://a-.com", "syntax"],
  [`https://a${LABEL_63}.com`, "syntax"],
  [`https://a${HOST_253}`, "syntax"],
  ["a".repeat(70000), "syntax"],
  ["http://foo.bar.255", "syntax"],
  ["http://0xFF000000", "http://255.0.0.0"],
  ["http://127.1", "http://127.0.0.1"],
  ["http://1", "http://0.0.0.1"],
  ["http://127.0.0.01", "http://127.0.0.1"],
  ["http://[0:0:0:0:0:0:0:1]", "http://[::1]"],
  ["http://[2001:DB8::1]", "http://[2001:db8::1]"],
  ["http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]"],
  ["http://[fe80::1%25eth0]", "syntax"],
  ["http://::1:90", "syntax"],
  ["http://[::1", "syntax"],
  ["http://[::1]a", "syntax"],
  ["http://[example]", "syntax"],
  ["https://[example.com]", "syntax"],
  ["1http://a.com", "syntax"],
  ["h*tp://a.com", "wildcard"],
  ["https://*.Example.com/", "https://*.example.com"],
  [`https://*.${HOST_253.slice(1)}`, "wildcard"],
  ["https://*.xn--a.de", "syntax"],
  ["https://*.a.1", "syntax"],
  ["https://*", "wildcard"],
  ["https://*.com", "wildcard"],
  ["https://*.1.2.3.4", "wildcard"],
  ["http://*.127.0.0.1", "wildcard"],
  ["http://*.[::1]", "wildcard"],
  ["https://*example.com", "wildcard"],
  ["https://**.example.com", "wildcard"],
  ["https://*.*.example.com", "wildcard"],
  ["https://a.*.example.com", "wildcard"],
  ["https://example.*", "wildcard"],
  ["https://example.com:*", "wildcard"],
  ["https://*.example.com:*", "wildcard"],
  ["http://127.example.com:*", "wildcard"],
  ["http://localhost.example.com:*", "wildcard"],
  ["http://notlocalhost:*", "wildcard"],
  ["*://example.com", "wildcard"],
  ["**", "wildcard"],
];

for (const [origin, expected] of BAD) {
  const name = JSON.stringify(origin.slice(0, 60));
  Deno.test(`checkOrigin() finds ${expected} against ${name}`, () => {
    const [code, cure, hint] = checkOrigin(origin) ?? [];

    assertEquals(hint ?? code, expected);
    if (hint === undefined) return;
    assertEquals(cure, `write "${hint}"`);
    assertEquals(checkOrigin(hint), undefined, "a hint must hold");
  });
}

Deno.test("checkSecure() finds origins that anybody on the path can claim", () => {
  const origins = {
    "http://example.com": true,
    "http://*.example.com": true,
    "http://192.168.1.5": true,
    "http://169.254.169.254": true,
    "http://127.example.com": true,
    "http://[::ffff:7f00:1]": true,
    "chrome-extension://abcdef": true,
    "https://example.com": false,
    "https://203.0.113.7": false,
    "http://localhost:3000": false,
    "http://app.localhost": false,
    "http://127.9.9.9": false,
    "http://[::1]": false,
    "capacitor://localhost": false,
    "no origin": false,
  };

  for (const [origin, found] of Object.entries(origins)) {
    assertEquals(checkSecure(origin) !== undefined, found, origin);
  }
});

Deno.test("checkNamed() finds subdomain patterns", () => {
  assertEquals(checkNamed("https://*.example.com")?.[0], "credentials");
  assertEquals(checkNamed("https://example.com"), undefined);
  assertEquals(checkNamed("http://localhost:*"), undefined);
  assertEquals(checkNamed("no origin"), undefined);
});

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
      "https://a_b.a.com",
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

Deno.test("originMatcher() throws every wrong origin, with its cure", () => {
  const error = assertThrows(
    () => originMatcher(["*", "https://a.com", "https://b.com/"]),
    CorsConfigError,
  );

  assertEquals(
    error.message,
    `Cannot use these CORS options:
  origins.0: Cannot allow origin "*": write it alone, or leave it out
  origins.2: Cannot allow origin "https://b.com/": write "https://b.com"`,
  );
});

Deno.test("originMatcher() finds one of 10,000 patterns", () => {
  const hosts = Array.from({ length: 10000 }, (_, i) => `https://*.h${i}.com`);
  const isAllowed = originMatcher(hosts);

  assert(isAllowed("https://a.b.h9999.com"));
  assertFalse(isAllowed("https://a.b.h10000.com"));
});
