import { assertEquals } from "@std/assert";
import { sha256 } from "../../http/sha256.ts";

// printf %s … | sha256sum
const HASHES: [text: string, hex: string][] = [
  ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  [
    "secret",
    "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b",
  ],
  ["ü", "607474ca475a9724d7360aba71a56d5df77e61350e3f724cfa1f46e857e2d85f"],
];

for (const [text, hex] of HASHES) {
  Deno.test(`sha256() hashes "${text}"`, () => {
    assertEquals(sha256(text).toHex(), hex);
  });
}
