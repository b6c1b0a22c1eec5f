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
    given.split(" ").map(normalizeMethod).join(" "),
    "DELETE GET HEAD OPTIONS POST PUT patch query Purge getaway",
  );
});

const CHECKS: [
  name: string,
  check: (name: string) => readonly [string, ...unknown[]] | undefined,
  codes: Record<string, string[]>,
][] = [
  ["checkMethod", checkMethod, {
    none: ["GET", "put", "PATCH", "QUERY", "OPTIONS", "PURGE", "purge", "*"],
    forbidden: ["CONNECT", "trace", "Track"],
    case: ["patch", "Patch", "query"],
    syntax: ["", "P UT", "r\u00e9sum\u00e9", "PUT,DELETE"],
  }],
  ["checkRequestHeader", checkRequestHeader, {
    none: [
      "X-A",
      "Authorization",
      "content-type",
      "Range",
      "If-Match",
      "*",
      "Accept",
    ],
    forbidden: [
      ..."Accept-Charset Accept-Encoding Access-Control-Request-Headers".split(
        " ",
      ),
      ..."Access-Control-Request-Method Connection Content-Length Cookie".split(
        " ",
      ),
      ..."Cookie2 Date DNT Expect Host Keep-Alive Origin Referer Set-Cookie"
        .split(" "),
      ..."TE Trailer Transfer-Encoding Upgrade Via Proxy-Foo Sec-Foo".split(
        " ",
      ),
      ..."Access-Control-Allow-Origin Location Vary WWW-Authenticate".split(
        " ",
      ),
      ..."ETag Age Accept-Ranges Server-Timing Strict-Transport-Security".split(
        " ",
      ),
    ],
    syntax: ["", "x a", "x:a", "r\u00e9sum\u00e9"],
  }],
  ["checkExposedHeader", checkExposedHeader, {
    none: [
      "ETag",
      "Location",
      "X-Cookie",
      "Access-Control-Allow-Origin",
      "Accept-Ranges",
      "Authorization",
      "Content-Type",
      "*",
    ],
    forbidden: [
      ..."Set-Cookie set-cookie2 Access-Control-Request-Method Origin".split(
        " ",
      ),
      ..."Access-Control-Allow-Methods Cookie Host User-Agent".split(" "),
      ..."If-Match If-None-Match Range Proxy-Authorization".split(" "),
    ],
    syntax: ["", "x a", "r\u00e9sum\u00e9"],
  }],
];

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
