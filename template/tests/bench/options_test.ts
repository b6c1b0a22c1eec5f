import { assertEquals, assertThrows } from "@std/assert";
import { helpOf, readOptions } from "../../bench/options.ts";

const OPTIONS = {
  rounds: ["5", "how often"],
  sizes: ["10,100", "how many"],
  out: ["", "folder for the table (none)"],
} as const;

for (
  const [args, values] of [
    [[], { rounds: "5", sizes: "10,100", out: "" }],
    [["--rounds=0.5"], { rounds: "0.5", sizes: "10,100", out: "" }],
    [["--rounds=1", "--rounds=2"], { rounds: "2", sizes: "10,100", out: "" }],
    [["--sizes=", "--out=a=b"], { rounds: "5", sizes: "", out: "a=b" }],
  ] as const
) {
  Deno.test(`readOptions() reads ${JSON.stringify(args)}`, () => {
    assertEquals(readOptions(args, OPTIONS), values);
  });
}

for (
  const [arg, sentence] of [
    ["--runs=1", 'Cannot use "--runs=1": --help lists the options'],
    ["--toString=1", 'Cannot use "--toString=1": --help lists the options'],
    ["--rounds", 'Cannot use "--rounds": --help lists the options'],
    ["60", 'Cannot use "60": --help lists the options'],
    ["--rounds=a", 'Cannot use "--rounds=a": write a number, such as 5'],
    ["--rounds=", 'Cannot use "--rounds=": write a number, such as 5'],
    ["--rounds=-1", 'Cannot use "--rounds=-1": write a number, such as 5'],
  ] as const
) {
  Deno.test(`readOptions() refuses ${arg}`, () => {
    assertThrows(() => readOptions([arg], OPTIONS), Error, sentence);
  });
}

Deno.test("helpOf() names each option with its default", () => {
  assertEquals(
    helpOf("deno task measure", OPTIONS),
    `\
Usage: deno task measure [options]

  --rounds=…  how often (5)
  --sizes=…   how many (10,100)
  --out=…     folder for the table (none)
  --help      show this
`,
  );
});
