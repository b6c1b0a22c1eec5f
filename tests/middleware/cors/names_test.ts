import { assertEquals } from "@std/assert";
import {
  checkExposedHeader,
  checkMethod,
  checkRequestHeader,
  FORBIDDEN_METHOD,
  normalizeMethod,
  TOKEN,
} from "../../../middleware/cors/names.ts";

const TABLE: [name: string, names: RegExp, yes: string[], no: string[]][] = [
  [
    "TOKEN",
    TOKEN,
    ["a", "X-A", "!#$%&'*+-.^_`|~", "*", "0"],
    ["", " ", "a b", "a,b", "a:", "a\u00a0", "r\u00e9", "a\n", "(a)", '"a"'],
  ],
  [
    "FORBIDDEN_METHOD",
    FORBIDDEN_METHOD,
    ["CONNECT", "trace", "Track"],
    ["GET", "TRACER", "DISCONNECT", ""],
  ],
];

for (const [name, names, yes, no] of TABLE) {
  Deno.test(`${name} matches the right names`, () => {
    assertEquals(yes.filter((text) => !names.test(text)), []);
    assertEquals(no.filter((text) => names.test(text)), []);
  });
}

Deno.test("normalizeMethod() changes six names only", () => {
  const given = "delete Get hEAD options post put patch query Purge getaway";

  assertEquals(
    words(given).map(normalizeMethod),
    words("DELETE GET HEAD OPTIONS POST PUT patch query Purge getaway"),
  );
});

const CHECKS: [
  name: string,
  check: (name: string) => readonly [string, ...unknown[]] | undefined,
  codes: Record<string, string[]>,
][] = [
  ["checkMethod", checkMethod, {
    none: words("GET put PATCH QUERY OPTIONS PURGE purge *"),
    forbidden: words("CONNECT trace Track"),
    case: words("patch Patch query"),
    syntax: ["", "P UT", "r\u00e9sum\u00e9", "PUT,DELETE"],
  }],
  ["checkRequestHeader", checkRequestHeader, {
    none: words("X-A Authorization content-type Range If-Match * Accept"),
    forbidden: words(`
      Accept-Charset Accept-Encoding Access-Control-Request-Headers
      Access-Control-Request-Method Connection Content-Length Cookie Cookie2 Date
      DNT Expect Host Keep-Alive Origin Referer Set-Cookie TE Trailer
      Transfer-Encoding Upgrade Via Proxy-Foo Sec-Foo
      Access-Control-Allow-Origin Location Vary WWW-Authenticate ETag Age
      Accept-Ranges Server-Timing Strict-Transport-Security
    `),
    syntax: ["", "x a", "x:a", "r\u00e9sum\u00e9"],
  }],
  ["checkExposedHeader", checkExposedHeader, {
    none: words(`
      ETag Location X-Cookie Access-Control-Allow-Origin Accept-Ranges
      Authorization Content-Type *
    `),
    forbidden: words(`
      Set-Cookie set-cookie2 Access-Control-Request-Method Origin
      Access-Control-Allow-Methods Cookie Host User-Agent If-Match If-None-Match
      Range Proxy-Authorization
    `),
    syntax: ["", "x a", "r\u00e9sum\u00e9"],
  }],
];

function words(text: string): string[] {
  return text.trim().split(/\s+/);
}

for (const [name, check, codes] of CHECKS) {
  for (const [code, names] of Object.entries(codes)) {
    Deno.test(`${name}() rejects ${names.length} names: ${code}`, () => {
      assertEquals(
        names.map((text) => [text, check(text)?.[0] ?? "none"]),
        names.map((text) => [text, code]),
      );
    });
  }
}
