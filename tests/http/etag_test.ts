import { assertEquals, assertThrows } from "@std/assert";
import { entityTag, readPrecondition } from "../../http/etag.ts";
import { Problem } from "../../http/problem.ts";

const VERSION = "0001";
const LONG = 500_000;
const HEADERS = ["If-None-Match", "If-Match"] as const;

Deno.test("entityTag() formats a version as a strong tag", () => {
  assertEquals(entityTag(VERSION), '"0001"');
});

for (const header of HEADERS) {
  Deno.test(`readPrecondition() returns undefined without ${header}`, () => {
    const request = new Request("http://localhost/");

    assertEquals(readPrecondition(request, header), undefined);
  });
}

/** Well-formed headers, and whether they list the version. */
const READ: [value: string, isListed: boolean][] = [
  ["*", true],
  ['"0001"', true],
  ['"0002"', false],
  ['""', false],
  ['"\xe9"', false],
  ['"0002", "0001"', true],
  ['"0002"\t ,\t"0001"', true],
  [', ,"0002",,"0001", ,', true],
  ['"a,b", "0001"', true],
  // Compressing proxies make a tag weak.
  ['W/"0001"', true],
  ['W/"0002", W/"0001"', true],
  // A W/ within the quotes is part of the tag.
  ['"00W/01"', false],
  ['"0001W/"', false],
  ['"W/0001"', false],
  ['"W/", "0001"', true],
  [`${'"0002",'.repeat(LONG / 10)}"0001"`, true],
];

for (const [value, isListed] of READ) {
  const shown = value.slice(0, 30);
  const does = isListed ? "finds" : "does not find";

  for (const header of HEADERS) {
    Deno.test(`readPrecondition() ${does} the version in ${header}: ${shown}`, () => {
      const precondition = readPrecondition(withHeader(header, value), header);

      assertEquals(precondition?.(VERSION), isListed);
    });
  }
}

/** Malformed headers. The long ones take forever if the match is not linear. */
const REJECTED = [
  "",
  ",",
  "0001",
  '"0001',
  '0001"',
  'w/"0001"',
  'W/ "0001"',
  "W/*",
  '*, "0001"',
  "*, *",
  '"0001" "0002"',
  '"0001""0002"',
  '"00 01"',
  '"00\x7f01"',
  `"${"a".repeat(LONG)}`,
  `${",".repeat(LONG)}x`,
  `${", ".repeat(LONG)}x`,
  `"a"${" ".repeat(LONG)}x`,
  `"a"${" ,".repeat(LONG)}x`,
  `${'W/"a", '.repeat(LONG)}x`,
  `${"W/".repeat(LONG)}x`,
];

for (const value of REJECTED) {
  const shown = JSON.stringify(value.slice(0, 20));

  for (const header of HEADERS) {
    Deno.test(`readPrecondition() rejects ${header}: ${shown} of ${value.length}`, () => {
      const request = withHeader(header, value);

      const problem = assertThrows(
        () => readPrecondition(request, header),
        Problem,
      );

      assertEquals(problem.type, "invalid-header");
      assertEquals(problem.errors, [{
        header,
        detail: 'Must be "*" or entity tags in double quotes, such as "0001"',
      }]);
    });
  }
}

function withHeader(name: string, value: string): Request {
  return new Request("http://localhost/", { headers: { [name]: value } });
}
