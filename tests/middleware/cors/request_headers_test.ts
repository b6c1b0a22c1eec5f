import { assertEquals } from "@std/assert";
import { compileHeaders } from "../../../middleware/cors/request_headers.ts";

const check = compileHeaders(["authorization", "content-type", "x-a"]);

const LISTS: [list: string, expected: string | undefined][] = [
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

for (const [list, expected] of LISTS) {
  const name = JSON.stringify(list.slice(0, 40));
  Deno.test(`compileHeaders() finds ${expected ?? "nothing"} in ${name}, ${list.length} characters`, () => {
    assertEquals(check(list)?.[0], expected);
  });
}

Deno.test("compileHeaders() reads several lines, which arrive joined", () => {
  const headers = new Headers([
    ["Access-Control-Request-Headers", "x-a"],
    ["Access-Control-Request-Headers", ""],
    ["Access-Control-Request-Headers", "content-type,authorization"],
  ]);
  const list = headers.get("Access-Control-Request-Headers")!;

  assertEquals(check(list), undefined);
});

Deno.test("compileHeaders() returns the refused header", () => {
  assertEquals(check("x-a, X-Secret ,x-b"), [
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
  Deno.test(`compileHeaders() with "*" finds ${expected?.[1]} in ${list.slice(-40)}`, () => {
    assertEquals(compileHeaders(["*"])(list), expected);
    assertEquals(compileHeaders(["*", "authorization"])(list), undefined);
  });
}
