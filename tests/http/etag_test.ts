import { assert, assertEquals, assertThrows } from "@std/assert";
import { entityTag, readIfMatch, readIfNoneMatch } from "../../http/etag.ts";
import { Problem } from "../../http/problem.ts";

const VERSION = "0001";
const LONG = 500_000;

Deno.test("entityTag() quotes a version, as a strong tag", () => {
  assertEquals(entityTag(VERSION), '"0001"');
});

Deno.test("readIfNoneMatch() and readIfMatch() find no condition without a header", () => {
  const request = new Request("http://localhost/");

  assertEquals(readIfNoneMatch(request), undefined);
  assertEquals(readIfMatch(request), undefined);
});

/** Headers that are well-formed, and whether they name the version. */
const READ: [value: string, named: boolean][] = [
  ["*", true],
  ['"0001"', true],
  ['"0002"', false],
  ['""', false],
  ['"\xe9"', false],
  ['"0002", "0001"', true],
  ['"0002"\t ,\t"0001"', true],
  [', ,"0002",,"0001", ,', true],
  ['"a,b", "0001"', true],
  // A compressing proxy weakens a tag.
  ['W/"0001"', true],
  ['W/"0002", W/"0001"', true],
  // A W/ within the quotes is part of the tag.
  ['"00W/01"', false],
  ['"0001W/"', false],
  ['"W/0001"', false],
  ['"W/", "0001"', true],
  [`${'"0002",'.repeat(LONG / 10)}"0001"`, true],
];

for (const [value, named] of READ) {
  const shown = value.slice(0, 30);
  const does = named ? "finds" : "does not find";

  Deno.test(`readIfNoneMatch() ${does} the version in ${shown}`, () => {
    const has = readIfNoneMatch(withHeader("If-None-Match", value));

    assert(has);
    assertEquals(has(VERSION), named);
  });

  Deno.test(`readIfMatch() ${does} the version in ${shown}`, () => {
    const matches = readIfMatch(withHeader("If-Match", value));

    assert(matches);
    assertEquals(matches(VERSION), named);
  });
}

/** Headers that are malformed. The long ones hang where a match is not linear. */
const REFUSED = [
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

for (const value of REFUSED) {
  const shown = JSON.stringify(value.slice(0, 20));

  Deno.test(`readIfNoneMatch() refuses If-None-Match: ${shown} of ${value.length}`, () => {
    const request = withHeader("If-None-Match", value);

    const problem = assertThrows(
      () => readIfNoneMatch(request),
      Problem,
    );

    assertEquals(problem.type, "invalid-header");
    assertEquals(problem.errors[0]?.header, "If-None-Match");
  });

  Deno.test(`readIfMatch() refuses If-Match: ${shown} of ${value.length}`, () => {
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
