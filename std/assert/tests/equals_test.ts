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
  let message = "";
  withColor(true, () => {
    try {
      assertEquals("set-cookie: a b; path=/", "set-cookie: x y; path=/");
    } catch (error) {
      message = (error as Error).message;
    }
  });
  withColor(true, () => {
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
});

Deno.test("styles are left out where NO_COLOR is set", () => {
  withColor(false, () => {
    if (red("a") !== "a") throw new Error("styled");
  });
  withColor(true, () => {
    if (red(`a${green("b")}c`) !== "\x1b[31ma\x1b[32mb\x1b[31mc\x1b[39m") {
      throw new Error("an inner style ends the outer one");
    }
  });
});

laws("a broken law is reported", [
  [/wanted passes\ngot {4}Error: boom$/, () => verify([["passes", boom]])],
  [/wanted \/bang\/\ngot {4}Error: boom$/, () => verify([[/bang/, boom]])],
  [/wanted passe\ngot {4}passes$/, () => verify([["passe", () => 1]])],
]);

function boom(): never {
  throw new Error("boom");
}

/** Calls a function as if `NO_COLOR` were not set, or were. */
function withColor(isOn: boolean, call: () => void): void {
  const descriptor = Object.getOwnPropertyDescriptor(Deno, "noColor")!;
  Object.defineProperty(Deno, "noColor", { configurable: true, value: !isOn });
  try {
    call();
  } finally {
    Object.defineProperty(Deno, "noColor", descriptor);
  }
}
