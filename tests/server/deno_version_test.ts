import { assertEquals } from "@std/assert";
import { versionProblem } from "../../server/deno_version.ts";

for (
  const [version, isOld] of [
    ["1.46.3", true],
    ["2.0.0", true],
    ["2.8.9", true],
    ["2.9.0", false],
    ["2.9.6+abc", false],
    ["2.10.0", false],
    ["3.0.0", false],
  ] as const
) {
  Deno.test(`versionProblem() finds Deno ${version} ${isOld ? "too old" : "in order"}`, () => {
    assertEquals(
      versionProblem(version),
      isOld
        ? `Deno ${version} is too old: get 2.9 or later with "deno upgrade", or with "npx --yes deno@2.9.6" in place of "deno"`
        : undefined,
    );
  });
}
