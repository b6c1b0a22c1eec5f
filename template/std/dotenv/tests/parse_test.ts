import { assertEquals } from "@std/assert";
import { parse } from "@std/dotenv/parse";
import { assertSpyCall, assertSpyCalls, stub } from "@std/testing/mock";

/** What a text is read as, by the rule that it shows. */
const RULES: Record<string, [text: string, env: Record<string, string>][]> = {
  "lines": [
    ["", {}],
    ["# A=1\n\n  # B=2", {}],
    ["A=1\r\nB=2\r\n", { A: "1", B: "2" }],
    ["A=1\nA=2", { A: "2" }],
    ["not an entry\nA=1", { A: "1" }],
  ],
  "keys": [
    ["  A = 1", { A: "1" }],
    ["export A=1", { A: "1" }],
    ["a_1=1", { a_1: "1" }],
  ],
  "bare values": [
    ["A=", { A: "" }],
    ["A= two words \t", { A: "two words" }],
    ["A=1 # one", { A: "1" }],
    ['A={"b": "c"}', { A: '{"b": "c"}' }],
    ["A=b=c", { A: "b=c" }],
    ["A=`b`", { A: "`b`" }],
    ["A=it's", { A: "it's" }],
    ["A='open", { A: "'open" }],
  ],
  "single quotes": [
    ["A=' b # c ' # d", { A: " b # c " }],
    ["A='$B\\n\"'", { A: '$B\\n"' }],
    ["A='\nb\r\nc\n'", { A: "b\r\nc" }],
  ],
  "double quotes": [
    ['A=" b # c " # d', { A: " b # c " }],
    ['A="\\n\\r\\t\\"\\\'\\\\"', { A: "\n\r\t\"'\\" }],
    ['A="\\a$B"', { A: "\\a$B" }],
    ['A="\nb\nc\n"', { A: "b\nc" }],
  ],
  "references": [
    ["A=1\nB=$A", { A: "1", B: "1" }],
    ["A=1\nB=-${A}-", { A: "1", B: "-1-" }],
    ["B=$A\nA=1", { A: "1", B: "1" }],
    ["A=1\nB=$A\nC=$B", { A: "1", B: "1", C: "1" }],
    ["A='$B'\nB=1\nC=$A", { A: "$B", B: "1", C: "1" }],
    ["A=\\$B", { A: "\\$B" }],
    ["A=$OUTSIDE", { A: "outside" }],
    ["OUTSIDE=1\nA=$OUTSIDE", { OUTSIDE: "1", A: "1" }],
    ["A=$B:-1", { A: "1" }],
    ["A=${B:-1}", { A: "1" }],
    ["A=${B:-${C:-1}}", { A: "1" }],
    ["A=${OUTSIDE:-1}", { A: "outside" }],
    ["A=$B", { A: "undefined" }],
  ],
};

for (const [rule, rows] of Object.entries(RULES)) {
  Deno.test(`parse() reads ${rule}`, () => {
    using _get = stub(
      Deno.env,
      "get",
      (key) => key === "OUTSIDE" ? "outside" : undefined,
    );
    for (const [text, env] of rows) assertEquals(parse(text), env, text);
  });
}

Deno.test("parse() leaves out what is no name, with a warning", () => {
  using warn = stub(console, "warn");
  assertEquals(parse("1A=1\nA-B=2\nC=3"), { C: "3" });
  assertSpyCalls(warn, 2);
  assertSpyCall(warn, 0, {
    args: [
      'Ignored the key "1A" as it is not a valid identifier: The key need to match the pattern /^[a-zA-Z_][a-zA-Z0-9_]*$/.',
    ],
  });
});

Deno.test("parse() returns an object that inherits nothing", () => {
  assertEquals(Object.getPrototypeOf(parse("A=1")), null);
  assertEquals(Object.keys(parse("__proto__=1")), ["__proto__"]);
});
