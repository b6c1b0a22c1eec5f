import { assert, assertEquals, assertMatch } from "@std/assert";
import { describeError } from "../../server/describe_error.ts";

const MUTE = {
  [Symbol.for("Deno.customInspect")](): never {
    throw new Error("no");
  },
};

// deno-fmt-ignore: one a line
const THROWN: [what: string, thrown: unknown, shown: RegExp][] = [
  ["an error, with its stack", new RangeError("no"), /^RangeError: no\n +at .*describe_error_test/],
  ["its causes", new Error("a", { cause: new Error("b", { cause: "c" }) }), /Error: a[^]*Error: b[^]*"c"/],
  ["its members", Object.assign(new Error("a"), { code: 7 }), /code: 7/],
  ["a string", "no", /^"no"$/],
  ["undefined", undefined, /^undefined$/],
  ["what cannot be shown", MUTE, /^An error that cannot be shown$/],
];

for (const [what, thrown, shown] of THROWN) {
  Deno.test(`describeError() shows ${what}`, () => {
    assertMatch(describeError(thrown), shown);
  });
}

Deno.test("describeError() cuts what is too long out of the middle", () => {
  const shown = describeError(new Error(`${"a".repeat(9_000)} end`));

  assert(shown.startsWith("Error: aaa"));
  assert(shown.includes(" […] "));
  assertEquals(shown.length, 8_005);
});
