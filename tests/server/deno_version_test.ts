import { assertEquals } from "@std/assert";
import { run } from "./_run.ts";

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
  Deno.test(`deno_version.ts finds Deno ${version} ${isOld ? "too old" : "in order"}`, async () => {
    const script = `Object.defineProperty(Deno, "version", {
      value: { deno: "${version}" },
    })`;
    const flags = [
      `--preload=data:text/javascript,${encodeURIComponent(script)}`,
    ];

    const result = await run(["server/deno_version.ts"], {}, { flags });

    const error =
      `Deno ${version} is too old: get 2.9 or later with "deno upgrade", or with "npx --yes deno@2.9.6" in place of "deno"\n`;
    assertEquals(result, {
      code: isOld ? 1 : 0,
      out: "",
      error: isOld ? error : "",
    });
  });
}
