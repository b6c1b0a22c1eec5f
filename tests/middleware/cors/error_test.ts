import { assert, assertEquals } from "@std/assert";
import { CorsConfigError, issueOf } from "../../../middleware/cors/error.ts";

Deno.test("CorsConfigError lists every issue", () => {
  const error = new CorsConfigError([
    issueOf("origins.1", "a", "allow origin", ["syntax", 'write "b"', "b"]),
    issueOf("maxAge", -1, "set maxAge", ["type", "expected an integer"]),
  ]);

  assert(error instanceof TypeError);
  assertEquals(
    error.message,
    `Invalid CORS options:
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
  assertEquals(error.issues[1]?.hint, "expected an integer");
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
