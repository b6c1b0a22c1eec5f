import { assert, assertEquals } from "@std/assert";
import {
  type Check,
  checkList,
  CorsConfigError,
  issueOf,
  standsAlone,
} from "../../../middleware/cors/error.ts";

Deno.test("CorsConfigError lists every issue", () => {
  const error = new CorsConfigError([
    issueOf("origins.1", "a", "allow origin", ["syntax", 'write "b"', "b"]),
    issueOf("maxAge", -1, "set maxAge", ["type", "expected an integer"]),
  ]);

  assert(error instanceof TypeError);
  assertEquals(
    error.message,
    `Cannot use these CORS options:
  origins.1: Cannot allow origin "a": write "b"
  maxAge: Cannot set maxAge -1: expected an integer`,
  );
  assertEquals(error.issues[0], {
    path: "origins.1",
    code: "syntax",
    value: "a",
    message: 'Cannot allow origin "a": write "b"',
    hint: "b",
  });
  assert(!("hint" in error.issues[1]!));
});

const QUOTED: [value: unknown, quoted: string][] = [
  ["a\r\nb", String.raw`"a\r\nb"`],
  [undefined, "undefined"],
  [/\.test$/, String.raw`/\.test$/`],
  [{}, "{}"],
  [Object.create(null), "[Object: null prototype] {}"],
  ["x".repeat(999), `"${"x".repeat(199)}…`],
];

for (const [value, quoted] of QUOTED) {
  Deno.test(`issueOf() writes ${quoted.slice(0, 40)} in its message`, () => {
    const { message } = issueOf("a", value, "use", ["type", "no"]);
    assertEquals(message, `Cannot use ${quoted}: no`);
  });
}

Deno.test("issueOf() writes the type of what cannot be shown", () => {
  const value = {
    [Symbol.for("Deno.customInspect")](): never {
      throw new Error("no");
    },
  };

  assertEquals(
    issueOf("a", value, "use", ["type", "no"]).message,
    "Cannot use a value of type object: no",
  );
});

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

Deno.test("standsAlone() finds a wildcard with company", () => {
  const found = (list: unknown): unknown[] =>
    ["*", "a"].filter((entry) => standsAlone(list)(entry));

  assertEquals(found(["*", "a"]), ["*"]);
  assertEquals(found(["*", "*"]), []);
  assertEquals(found("*"), []);
});
