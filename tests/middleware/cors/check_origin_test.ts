import { assertEquals, assertMatch } from "@std/assert";
import {
  checkOrigin,
  findRisks,
} from "../../../middleware/cors/check_origin.ts";

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
  "https://my_app.example.com",
  "https://_a._b_.example.com",
  "https://*.my_app.example.com",
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
  "safari-web-extension://8f3c1c1e-0b7a-4c55-9f43-4d2f6a3b1c9d",
  "chrome-extension://*",
  "moz-extension://*",
  "safari-web-extension://*",
  "ionic://localhost",
  "tauri://localhost",
  "a+b.c-1://host",
  "https://*.example.com",
  "https://*.a.example.com:8443",
  "https://*.localhost",
  `https://*.${HOST_253.slice(2)}`,
  "http://localhost:*",
  "http://*.localhost:*",
  "http://app.localhost:*",
  "https://127.255.0.1:*",
  "http://[::1]:*",
];

for (const origin of GOOD) {
  Deno.test(`checkOrigin() accepts ${origin.slice(0, 60)}`, () => {
    assertEquals(checkOrigin(origin), undefined);
  });
}

// A code, or the value to write instead.
const BAD: [origin: string, codeOrHint: string][] = [
  ["null", "forbidden"],
  ["file:///x", "forbidden"],
  ["file://example.com", "forbidden"],
  ["FILE:///x", "forbidden"],
  ["data:text/html,x", "forbidden"],
  ["Null", "forbidden"],
  [" null ", "forbidden"],
  ["wss://example.com", "scheme"],
  ["ws://example.com:80", "scheme"],
  ["FTP://example.com", "scheme"],
  ["mailto:a@example.com", "scheme"],
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
  ["blob:https://example.com", "scheme"],
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
  [
    "safari-web-extension://8F3C1C1E-0B7A-4C55-9F43-4D2F6A3B1C9D",
    "safari-web-extension://*",
  ],
  ["moz-extension://8f3c1c1e/", "moz-extension://*"],
  ["chrome-extension://ABC/", "chrome-extension://abc"],
  ["https://example.com.", "syntax"],
  ["https://example.com.:8443", "syntax"],
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
  ["https://*:8443", "wildcard"],
  ["capacitor://*", "wildcard"],
  ["https-extension://*", "wildcard"],
  ["moz-extension://*.a.com", "syntax"],
  ["chrome-extension://abc:8080", "syntax"],
  ["http://192.168.*.*:3000", "wildcard"],
  ["https://app-*.example.com", "wildcard"],
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
  Deno.test(`checkOrigin() rejects ${name}: ${expected}`, () => {
    const [code, cure, hint] = checkOrigin(origin) ?? [];

    assertEquals(hint ?? code, expected);
    if (hint === undefined) return;
    assertEquals(cure, `write "${hint}"`);
    assertEquals(checkOrigin(hint), undefined, "the hint must be valid");
  });
}

const CURES: [origin: string, cure: RegExp][] = [
  ["wss://example.com", /a WebSocket handshake carries the origin of its page/],
  [
    "https://example.com.",
    /write "https:\/\/example.com", and open the page without the dot/,
  ],
  ["https://-a.com", /neither begin nor end with "-"/],
  ["https://a-.com", /neither begin nor end with "-"/],
  ["https://a-:8443", /neither begin nor end with "-"/],
  ["https://*.a-.com", /neither begin nor end with "-"/],
  [`https://a${LABEL_63}.com`, /labels have up to 63/],
  ["http://192.168.*.*:3000", /^list each IP address$/],
  ["http://*.1.2.3.4", /^list each IP address$/],
  [
    "https://app-*.vercel.app",
    /list the origins, .*"https:\/\/\*\.preview\.example\.com"/,
  ],
  ["https://*", /write a host, or "\*" without a scheme/],
  ["https://a.*.example.com", /write "\*\." once, before a host/],
  ["https://a,https://b", /write one entry for each origin/],
];

for (const [origin, expected] of CURES) {
  Deno.test(`checkOrigin() says what to write instead of ${origin.slice(0, 40)}`, () => {
    const [, cure = ""] = checkOrigin(origin) ?? [];
    assertMatch(cure, expected);
  });
}

const SECRET = { credentials: true };

function risksOf(
  origin: string,
  options: Record<string, boolean> = {},
): string[] {
  return Array.from(findRisks(origin, options), ([code]) => code);
}

Deno.test("findRisks() finds origins that the network can send", () => {
  const origins = {
    "http://example.com": true,
    "http://192.168.1.5": true,
    "http://169.254.169.254": true,
    "http://127.example.com": true,
    "http://[::ffff:7f00:1]": true,
    "app://example.com": true,
    "chrome-extension://abcdef": false,
    "capacitor://example.com": false,
    "ionic://localhost": false,
    "tauri://example.com": false,
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
    const codes = risksOf(origin, SECRET);
    assertEquals(codes, found ? ["credentials"] : [], origin);
  }
});

Deno.test("findRisks() finds subdomain patterns with credentials", () => {
  assertEquals(risksOf("https://*.example.com"), []);
  assertEquals(risksOf("https://*.example.com", SECRET), ["credentials"]);
  assertEquals(
    risksOf("https://*.example.com", {
      ...SECRET,
      dangerouslyAllowSubdomainsWithCredentials: true,
    }),
    [],
  );
  assertEquals(risksOf("http://*.example.com", SECRET).length, 2);
  assertEquals(risksOf("http://localhost:*", SECRET), []);
});

Deno.test("findRisks() finds patterns for any extension with credentials", () => {
  assertEquals(risksOf("moz-extension://*"), []);
  assertEquals(risksOf("moz-extension://*", SECRET), ["credentials"]);
  assertEquals(risksOf("moz-extension://8f3c1c1e", SECRET), []);
});

Deno.test("findRisks() finds patterns that strangers can match", () => {
  assertEquals(risksOf("https://*.vercel.app"), ["suffix"]);
  assertEquals(risksOf("https://*.vercel.app:8443"), ["suffix"]);
  assertEquals(risksOf("https://*.my-team.vercel.app"), []);
  assertEquals(risksOf("https://vercel.app"), []);
  const options = { dangerouslyAllowPublicSuffixes: true };
  assertEquals(risksOf("https://*.vercel.app", options), []);
});
