import { assertEquals, assertThrows } from "@std/assert";
import { entityTag, readIfMatch, readIfNoneMatch } from "../../http/etag.ts";
import { Problem } from "../../http/problem.ts";

const VERSION = "0001";
const LONG = 500_000;

Deno.test("entityTag() formats a version as a strong tag", () => {
  assertEquals(entityTag(VERSION), '"0001"');
});

Deno.test("readIfNoneMatch() and readIfMatch() return undefined without a header", () => {
  const request = new Request("http://localhost/");

  assertEquals(readIfNoneMatch(request), undefined);
  assertEquals(readIfMatch(request), undefined);
});

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

  Deno.test(`readIfNoneMatch() ${does} the version in ${shown}`, () => {
    const precondition = readIfNoneMatch(withHeader("If-None-Match", value));

    assertEquals(precondition?.(VERSION), isListed);
  });

  Deno.test(`readIfMatch() ${does} the version in ${shown}`, () => {
    const precondition = readIfMatch(withHeader("If-Match", value));

    assertEquals(precondition?.(VERSION), isListed);
  });
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

  Deno.test(`readIfNoneMatch() rejects If-None-Match: ${shown} of ${value.length}`, () => {
    const request = withHeader("If-None-Match", value);

    const problem = assertThrows(
      () => readIfNoneMatch(request),
      Problem,
    );

    assertEquals(problem.type, "invalid-header");
    assertEquals(problem.errors[0]?.header, "If-None-Match");
  });

  Deno.test(`readIfMatch() rejects If-Match: ${shown} of ${value.length}`, () => {
    const request = withHeader("If-Match", value);

    const problem = assertThrows(() => readIfMatch(request), Problem);

    assertEquals(problem.type, "invalid-header");
    assertEquals(problem.errors, [{
      header: "If-Match",
      detail: 'Must be "*" or entity tags in double quotes, such as "0001"',
    }]);
  });
}

function withHeader(name: string, value: string): Request {
  return new Request("http://localhost/", { headers: { [name]: value } });
}
