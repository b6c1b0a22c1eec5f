import { assertEquals, assertNotEquals } from "@std/assert";
import { bold, gray, green, onGreen, onRed, red, white } from "../_styles.ts";
import { diff, laws, verify } from "./laws.ts";

laws("assertEquals() shows which lines differ", [
  [diff("-   1\n+   2"), () => assertEquals(1, 2)],
  [diff('-   1\n+   "1"'), () => assertEquals<unknown>(1, "1")],
  [
    diff("    {\n+     a: 0,\n      b: 1,\n-     c: 2,\n    }"),
    () => assertEquals<unknown>({ c: 2, b: 1 }, { b: 1, a: 0 }),
  ],
  [
    diff("    [\n      1,\n+     2,\n      3,\n    ]"),
    () => assertEquals([1, 3], [1, 2, 3]),
  ],
  [
    diff("    [\n      1,\n-     2,\n-     3,\n    ]"),
    () => assertEquals([1, 2, 3], [1]),
  ],
  [
    diff("-   1\n+   2", ": why"),
    () => assertEquals(1, 2, "why"),
  ],
]);

laws("assertEquals() shows texts line by line, with invisible characters", [
  [diff("-   a\n+   b\n"), () => assertEquals("a", "b")],
  [
    diff("    a\\n\n-   b\\tc\\\\\n+   b c\n"),
    () => assertEquals("a\nb\tc\\", "a\nb c"),
  ],
  [
    diff("-   one\\r\\n\r\n+   one\\n\n    two\n"),
    () => assertEquals("one\r\ntwo", "one\ntwo"),
  ],
  [
    diff("-   a\\n\n-   b\\n\n-   c\n+   x\n"),
    () => assertEquals("a\nb\nc", "x"),
  ],
]);

laws("assertNotEquals() shows both values", [
  ["passes", () => assertNotEquals(1, 2)],
  [
    "AssertionError: Expected actual: 1 not to be: 1: why",
    () => assertNotEquals(1, 1, "why"),
  ],
]);

Deno.test("assertEquals() marks the words that differ", () => {
  const message = messageOf(() =>
    assertEquals("set-cookie: a b; path=/", "set-cookie: x y; path=/")
  );
  const lines = [
    `    ${gray(bold("[Diff]"))} ${red(bold("Actual"))} / ${
      green(bold("Expected"))
    }`,
    red(
      bold(
        `-   set-cookie: ${
          ["a", " ", "b"].map((w) => onRed(white(w))).join("")
        }; path=/\n`,
      ),
    ),
    green(
      bold(
        `+   set-cookie: ${
          ["x", " ", "y"].map((w) => onGreen(white(w))).join("")
        }; path=/\n`,
      ),
    ),
  ];
  for (const line of lines) {
    if (!message.includes(line)) {
      throw new Error(`${message}\nlacks\n${line}`);
    }
  }
});

Deno.test("assertEquals() gives up on what has next to nothing in common", () => {
  const [left, right] = ["a", "b"].map((letter) =>
    Array.from({ length: 6000 }, (_, index) => `${letter}${index}`)
  );

  const message = messageOf(() => assertEquals(left, right));

  for (const line of [`-     "a0",`, `-     "a5999",`, `+     "b5999",`]) {
    if (!message.includes(line)) throw new Error(`${line} is missing`);
  }
});

for (const noColor of ["", "1"]) {
  Deno.test(`assertEquals() writes as NO_COLOR="${noColor}" asks it to`, async () => {
    const { stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        'import { assertEquals } from "@std/assert"; assertEquals(1, 2)',
      ],
      env: { NO_COLOR: noColor, FORCE_COLOR: "" },
    }).output();

    const said = new TextDecoder().decode(stderr);
    if (said.includes("\x1b[31m") !== (noColor === "")) throw new Error(said);
  });
}

laws("a broken law is reported", [
  [/wanted passes\ngot {4}Error: boom$/, () => verify([["passes", boom]])],
  [/wanted \/bang\/\ngot {4}Error: boom$/, () => verify([[/bang/, boom]])],
  [/wanted passe\ngot {4}passes$/, () => verify([["passe", () => 1]])],
]);

function boom(): never {
  throw new Error("boom");
}

/** What a function says when it fails. */
function messageOf(call: () => void): string {
  try {
    call();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it did not fail");
}
