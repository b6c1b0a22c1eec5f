import { assert, assertEquals, assertMatch } from "@std/assert";
import { isErrorStatus } from "@std/http/status";
import { PROBLEM_TYPES, type ProblemType } from "../../http/problem_types.ts";

const TYPES: [string, ProblemType][] = Object.entries(PROBLEM_TYPES);

for (const [name, { status, title, cause, cure }] of TYPES) {
  Deno.test(`PROBLEM_TYPES has title, cause and cure of "${name}"`, () => {
    assertMatch(name, /^[a-z]+(-[a-z]+)*$/);
    assert(isErrorStatus(status));
    assertMatch(title, /^[A-Z].*[^.]$/);
    assertMatch(cause, /^[A-Z`].*\.$/);
    assertMatch(cure, /^[A-Z].*\.$/);
  });
}

Deno.test("PROBLEM_TYPES has no title twice", () => {
  const titles = TYPES.map(([, { title }]) => title);

  assertEquals(titles, [...new Set(titles)]);
});
