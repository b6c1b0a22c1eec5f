import { assertEquals } from "@std/assert";
import {
  type Check,
  checkList,
  isOnlyEntry,
} from "../../../middleware/cors/check_list.ts";

const odd: Check = (entry) => entry.length % 2 ? ["odd", "no"] : undefined;
const long: Check = (entry) => entry.length > 2 ? ["long", "no"] : undefined;

const LISTS: [list: unknown, issues: string][] = [
  ["*", "a odd"],
  [["ab", "a", "abc"], "a.1 odd, a.2 odd, a.2 long"],
  [[], ""],
  [["ab", 1, null], "a.1 type, a.2 type"],
  // deno-lint-ignore no-sparse-arrays
  [["ab", , "ab"], "a.1 type"],
  ["ab", "a type"],
  [true, "a type"],
  [null, "a type"],
  [{}, "a type"],
];

for (const [list, expected] of LISTS) {
  Deno.test(`checkList() finds "${expected}" in ${JSON.stringify(list)}`, () => {
    const issues = checkList("a", list, "use", [odd, long]);
    assertEquals(
      issues.map(({ path, code }) => `${path} ${code}`).join(", "),
      expected,
    );
  });
}

Deno.test("isOnlyEntry() finds a wildcard beside other entries", () => {
  const found = (list: unknown): unknown[] =>
    ["*", "a"].filter((entry) => isOnlyEntry(list)(entry));

  assertEquals(found(["*", "a"]), ["*"]);
  assertEquals(found(["*", "*"]), []);
  assertEquals(found("*"), []);
});
