import { assert, assertEquals, assertMatch } from "@std/assert";
import { describeError } from "../../server/describe_error.ts";

const UNINSPECTABLE = {
  [Symbol.for("Deno.customInspect")](): never {
    throw new Error("no");
  },
};

// deno-fmt-ignore: one a line
const THROWN: [what: string, thrown: unknown, text: RegExp][] = [
  ["an error, with its stack", new RangeError("no"), /^RangeError: no\n +at .*describe_error_test/],
  ["its causes", new Error("a", { cause: new Error("b", { cause: "c" }) }), /Error: a[^]*Error: b[^]*"c"/],
  ["its properties", Object.assign(new Error("a"), { code: 7 }), /code: 7/],
  ["a string", "no", /^"no"$/],
  ["undefined", undefined, /^undefined$/],
  ["an error that cannot be inspected", UNINSPECTABLE, /^An error that cannot be inspected$/],
];

for (const [what, thrown, text] of THROWN) {
  Deno.test(`describeError() describes ${what}`, () => {
    assertMatch(describeError(thrown), text);
  });
}

Deno.test("describeError() cuts the middle out of a long text", () => {
  const text = describeError(new Error(`${"a".repeat(9_000)} end`));

  assert(text.startsWith("Error: aaa"));
  assert(text.includes(" […] "));
  assertEquals(text.length, 8_005);
});
