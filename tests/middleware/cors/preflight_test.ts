import { assert, assertEquals } from "@std/assert";
import { spy } from "@std/testing/mock";
import type { CorsOptions } from "../../../middleware/cors.ts";
import { createPolicy } from "../../../middleware/cors/policy.ts";
import { refuseHeaders } from "../../../middleware/cors/preflight.ts";
import type { Refusal } from "../../../middleware/cors/rejection.ts";
import { exchange } from "../_exchange.ts";

const ORIGIN = "https://app.test";
const VARY = {
  vary: "Origin, Access-Control-Request-Method, Access-Control-Request-Headers",
};
const LIST: CorsOptions = {
  origins: [ORIGIN],
  methods: ["put", "PURGE", "GET"],
  headers: ["X-Key", "Authorization", "x-key"],
  exposeHeaders: ["etag"],
};
const LISTS = {
  ...VARY,
  "access-control-allow-origin": ORIGIN,
  "access-control-allow-methods": "GET,HEAD,POST,PUT,PURGE",
  "access-control-allow-headers": "authorization,x-key",
};
const GRANT = { ...LISTS, "access-control-max-age": "600" };
const ANY: CorsOptions = { origins: "*", methods: "*", headers: "*" };
const ANY_GRANT = {
  ...VARY,
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "*",
  "access-control-allow-headers": "*",
  "access-control-max-age": "600",
};
const BARE: CorsOptions = { origins: [ORIGIN] };
const BARE_GRANT = {
  ...VARY,
  "access-control-allow-origin": ORIGIN,
  "access-control-allow-methods": "GET,HEAD,POST",
  "access-control-max-age": "600",
};

function preflight(
  method: string,
  headers?: string,
  origin = ORIGIN,
): Record<string, string> {
  return {
    Origin: origin,
    "Access-Control-Request-Method": method,
    ...(headers !== undefined && { "Access-Control-Request-Headers": headers }),
  };
}

// `false` is 403 with Vary and no other field.
const PREFLIGHTS: [
  what: string,
  options: CorsOptions,
  headers: Record<string, string>,
  fields: Record<string, string> | false,
][] = [
  ["a listed method", LIST, preflight("PUT"), GRANT],
  ["a custom method", LIST, preflight("PURGE"), GRANT],
  ["GET, forced", BARE, preflight("GET"), BARE_GRANT],
  ["HEAD, forced", BARE, preflight("HEAD"), BARE_GRANT],
  ["POST, with headers", LIST, preflight("POST", "x-key"), GRANT],
  ["another method", LIST, preflight("DELETE"), false],
  ["OPTIONS, not listed", LIST, preflight("OPTIONS"), false],
  ["another case", LIST, preflight("purge"), false],
  ["another case of GET", LIST, preflight("get"), false],
  ["no method", LIST, preflight(""), false],
  ["two methods", LIST, preflight("GET, PUT"), false],
  ["what is no token", ANY, preflight("P UT"), false],
  [
    "listed headers, in other order and case",
    LIST,
    preflight("PUT", "X-Key, AUTHORIZATION"),
    GRANT,
  ],
  ["another header", LIST, preflight("PUT", "x-key,x-other"), false],
  ["a header that is no token", LIST, preflight("PUT", "x key"), false],
  [
    "a safelisted name, not listed",
    LIST,
    preflight("PUT", "content-type"),
    false,
  ],
  ["headers where none is listed", BARE, preflight("GET", "x-key"), false],
  ["an empty list of headers", BARE, preflight("GET", ""), BARE_GRANT],
  [
    "a refused origin",
    LIST,
    preflight("PUT", "x-key", "https://evil.test"),
    false,
  ],
  [
    "a refused origin, GET",
    LIST,
    preflight("GET", undefined, "https://evil.test"),
    false,
  ],
  ["the null origin", LIST, preflight("GET", undefined, "null"), false],
  ["any method and header", ANY, preflight("CHICKEN", "x-any"), ANY_GRANT],
  ["a method that browsers never send", ANY, preflight("TRACE"), false],
  ["the same in lower case", ANY, preflight("track"), false],
  ["any header, hostile", ANY, preflight("GET", ",".repeat(60000)), ANY_GRANT],
  ["any origin, but not any method", { origins: "*" }, preflight("PUT"), false],
  [
    "any header, but Authorization is not listed",
    ANY,
    preflight("GET", "x-any, Authorization"),
    false,
  ],
  [
    "any header and Authorization",
    {
      ...BARE,
      headers: ["Authorization", "*"],
    },
    preflight("GET", "authorization,x-any"),
    {
      ...BARE_GRANT,
      "access-control-allow-headers": "*,authorization",
    },
  ],
  ["credentials", { ...BARE, credentials: true }, preflight("GET"), {
    ...BARE_GRANT,
    "access-control-allow-credentials": "true",
  }],
  [
    "credentials, from a refused origin",
    { ...BARE, credentials: true },
    preflight("GET", undefined, "https://evil.test"),
    false,
  ],
  ["no caching", { ...BARE, maxAge: 0 }, preflight("GET"), {
    ...BARE_GRANT,
    "access-control-max-age": "0",
  }],
  ["caching for a day", { ...BARE, maxAge: 86400 }, preflight("GET"), {
    ...BARE_GRANT,
    "access-control-max-age": "86400",
  }],
  ["private network access", BARE, {
    ...preflight("GET"),
    "Access-Control-Request-Private-Network": "true",
  }, BARE_GRANT],
  [
    "a cookie and Vary",
    BARE,
    { ...preflight("GET"), Cookie: "a=1", Vary: "x" },
    BARE_GRANT,
  ],
  ["debug, Authorization is not listed", { ...ANY, debug: true }, {
    ...preflight("GET", "authorization"),
  }, {
    ...VARY,
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "*",
  }],
  [
    "debug, a preflight that passes",
    { ...LIST, debug: true },
    preflight("PUT"),
    GRANT,
  ],
  [
    "debug, another method",
    { ...LIST, debug: true },
    preflight("DELETE"),
    LISTS,
  ],
  [
    "debug, another header",
    { ...LIST, debug: true },
    preflight("PUT", "x-other"),
    LISTS,
  ],
  [
    "debug, a refused origin",
    { ...LIST, debug: true },
    preflight("PUT", "x-other", "null"),
    false,
  ],
  [
    "debug, a malformed method",
    { ...LIST, debug: true },
    preflight(""),
    false,
  ],
];

for (const [what, options, headers, fields] of PREFLIGHTS) {
  Deno.test(`cors() responds to a preflight: ${what}`, async () => {
    const result = await exchange(options, "OPTIONS", headers, () => {
      throw new Error("the handler must not see a preflight");
    });

    assertEquals(result.response.status, fields ? 204 : 403);
    assertEquals(result.fields, fields || VARY);
    assertEquals(result.handled, 0);
    assertEquals(result.response.body, null);
    assert(!result.response.headers.has("Content-Length"));
    assert(!result.response.headers.has("Content-Type"));
    assertEquals(
      result.verdict,
      fields && "access-control-max-age" in fields
        ? "preflight allowed"
        : "preflight refused",
    );
  });
}

Deno.test("cors() reports why a preflight fails", async () => {
  const onReject = spy();
  const options = { ...LIST, onReject };

  for (
    const headers of [
      preflight("PUT"),
      preflight("PATCH", "x-other", "https://evil.test"),
      preflight("PATCH", "x-other"),
      preflight("PUT", "x-key,x-other"),
      preflight("P UT"),
      preflight("PUT", "x\u00a0key"),
    ]
  ) await exchange(options, "OPTIONS", headers);

  assertEquals(
    onReject.calls.map(({ args: [{ kind, reason, origin, value }] }) =>
      [kind, reason, origin, value].join(" ")
    ),
    [
      "preflight origin https://evil.test https://evil.test",
      "preflight method https://app.test PATCH",
      "preflight headers https://app.test x-other",
      "preflight malformed https://app.test P UT",
      "preflight malformed https://app.test x?key",
    ],
  );
});

const NAMES = ["authorization", "content-type", "x-a"];

function refuse(headers: string[], list: string): Refusal | undefined {
  return refuseHeaders(createPolicy({ origins: [], headers }), list);
}

const REQUESTED: [list: string, expected: string | undefined][] = [
  ["", undefined],
  ["authorization", undefined],
  ["authorization,content-type,x-a", undefined],
  ["x-a,authorization", undefined],
  ["AUTHORIZATION,Content-Type", undefined],
  ["x-a,x-a,X-A", undefined],
  ["x-a, content-type", undefined],
  [" \t x-a \t ,\tcontent-type\t", undefined],
  [`x-a${" ".repeat(500)},x-a`, undefined],
  [",".repeat(15), undefined],
  [",".repeat(16), "malformed"],
  [`x-a${",".repeat(16)}`, undefined],
  [`x-a${",".repeat(17)}`, "malformed"],
  [`x-a${", ".repeat(16)}`, undefined],
  [`${",".repeat(8)}x-a${",".repeat(8)}`, undefined],
  [`${"x-a,".repeat(1023)}x-a`, undefined],
  [`x-a,${" ".repeat(4092)}`, undefined],
  [`x-a,${" ".repeat(4093)}`, "malformed"],
  [",".repeat(60000), "malformed"],
  [" ".repeat(60000), "malformed"],
  ["x".repeat(60000), "malformed"],
  ["x-a,".repeat(15000), "malformed"],
  ["x-b", "headers"],
  ["x-a,x-b", "headers"],
  ["x-", "headers"],
  ["x-a-", "headers"],
  ["*", "headers"],
  ["constructor", "headers"],
  ["__proto__", "headers"],
  ["x a", "malformed"],
  ["x-a;content-type", "malformed"],
  ["x-a\u00a0", "malformed"],
  ["\u00a0x-a", "malformed"],
  ["x-a\u000b", "malformed"],
  ["r\u00e9sum\u00e9", "malformed"],
  ['"x-a"', "malformed"],
];

for (const [list, expected] of REQUESTED) {
  const name = JSON.stringify(list.slice(0, 40));
  Deno.test(`refuseHeaders() finds ${expected ?? "nothing"} in ${name}, ${list.length} characters`, () => {
    assertEquals(refuse(NAMES, list)?.[0], expected);
  });
}

Deno.test("refuseHeaders() reads several lines, which arrive joined", () => {
  const headers = new Headers([
    ["Access-Control-Request-Headers", "x-a"],
    ["Access-Control-Request-Headers", ""],
    ["Access-Control-Request-Headers", "content-type,authorization"],
  ]);
  const list = headers.get("Access-Control-Request-Headers")!;

  assertEquals(refuse(NAMES, list), undefined);
});

Deno.test("refuseHeaders() returns the refused header", () => {
  assertEquals(refuse(NAMES, "x-a, X-Secret ,x-b"), [
    "headers",
    "X-Secret",
  ]);
});

const REFUSED = ["headers", "authorization"] as const;

for (
  const [list, expected] of [
    ["authorization", REFUSED],
    ["x-a, \tAUTHORIZATION\t,x-b", REFUSED],
    ["accept,x-authorization", undefined],
    ["authorization-info,x a", undefined],
    [`${",".repeat(60000)}authorization`, REFUSED],
    [" ".repeat(60000), undefined],
  ] as const
) {
  Deno.test(`refuseHeaders() with "*" finds ${expected?.[1]} in ${list.slice(-40)}`, () => {
    assertEquals(refuse(["*"], list), expected);
    assertEquals(refuse(["*", "authorization"], list), undefined);
  });
}
