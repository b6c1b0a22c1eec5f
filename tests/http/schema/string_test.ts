import { assertThrows } from "@std/assert";
import { string } from "../../../http/schema/string.ts";
import { testRows } from "./_rows.ts";

const TEXT = "Must not contain NUL or half of a surrogate pair";
const UP_TO_3 = "Must be a string of up to 3 characters";

testRows([
  [string(), ""],
  [string({ max: 3 }), "👩👩👩"],
  [string({ min: 2 }), "👩👩"],
  [string({ trim: true, max: 3 }), " \ufeffabc\n", "abc"],
  [string({ trim: true }), "   ", ""],
  [string({ pattern: /^[a-z]+$/ }), "abc"],
  [string({ pattern: /a/g }), "a"],
  [string({ format: "email" }), "kim@example.com"],
  [string({ format: "uuid" }), "4f1c2d0a-8a4e-4c38-9d2b-6a1d3f0e7b55"],
], [
  [string({ max: 3 }), 1, UP_TO_3],
  [string({ max: 3 }), "abcd", UP_TO_3],
  [string({ max: 3 }), "👩".repeat(4), UP_TO_3],
  [string({ max: 3 }), "x".repeat(100_000), UP_TO_3],
  [string({ min: 2 }), "👩", "Must be a string of at least 2 characters"],
  [
    string({ trim: true, min: 1, max: 9 }),
    " \n ",
    "Must be a string of 1 to 9 characters",
  ],
  [string(), "\0", TEXT],
  [string(), "\ud800", TEXT],
  [string(), "\udc00\ud800", TEXT],
  [string({ pattern: /^a$/ }), "b", "Must be a string that matches ^a$"],
  [
    string({ format: "email" }),
    "kim",
    "Must be an e-mail address, such as kim@example.com",
  ],
  [string({ format: "uuid" }), "4f1c", "Must be a UUID in lower case"],
]);

Deno.test("string() refuses a pattern that JSON Schema cannot have", () => {
  assertThrows(
    () => string({ pattern: /^a$/i }),
    TypeError,
    "Cannot use /^a$/i as a pattern: JSON Schema has no such flags, write it without them",
  );
});
