import { assertEquals, assertThrows } from "@std/assert";
import { readIdempotencyKey } from "../../http/idempotency_key.ts";
import { Problem } from "../../http/problem.ts";

Deno.test("readIdempotencyKey() returns undefined without a header", () => {
  assertEquals(
    readIdempotencyKey(new Request("http://localhost/")),
    undefined,
  );
});

const READ: [value: string, key: string][] = [
  ['"8e03978e"', "8e03978e"],
  ["8e03978e", "8e03978e"],
  [' "8e03978e"\t', "8e03978e"],
  ['"a b, c"', "a b, c"],
  [String.raw`"say \"hi\""`, 'say "hi"'],
  [String.raw`"C:\\temp"`, "C:\\temp"],
  [String.raw`C:\temp`, "C:\\temp"],
  ["__proto__", "__proto__"],
  ["a".repeat(255), "a".repeat(255)],
  [`"${"a".repeat(255)}"`, "a".repeat(255)],
  // The limit counts characters of the key, not of the header.
  [`"${"\\\\".repeat(255)}"`, "\\".repeat(255)],
];

for (const [value, key] of READ) {
  Deno.test(`readIdempotencyKey() reads ${value.slice(0, 20)}`, () => {
    assertEquals(readIdempotencyKey(withKey(value)), key);
  });
}

const REJECTED = [
  "",
  '""',
  '"a',
  'a"',
  '"a" "b"',
  '"a", "b"',
  "a, b",
  "a b",
  String.raw`"a\b"`,
  String.raw`"a\"`,
  '"a\x7f"',
  "caf\xe9",
  "a".repeat(256),
  `"${"a".repeat(256)}"`,
  `"${"\\\\".repeat(500_000)}`,
  "a".repeat(500_000),
];

for (const value of REJECTED) {
  Deno.test(`readIdempotencyKey() rejects ${JSON.stringify(value.slice(0, 20))} of ${value.length}`, () => {
    const problem = assertThrows(
      () => readIdempotencyKey(withKey(value)),
      Problem,
      "Invalid Idempotency-Key",
    );

    assertEquals(problem.type, "invalid-header");
    assertEquals(problem.errors, [{
      header: "Idempotency-Key",
      detail:
        'Must be 1 to 255 characters in double quotes, such as "8e03978e"',
    }]);
  });
}

Deno.test("readIdempotencyKey() rejects a header that was sent twice", () => {
  const headers = new Headers();
  headers.append("Idempotency-Key", "a");
  headers.append("Idempotency-Key", "b");

  assertThrows(
    () => readIdempotencyKey(new Request("http://localhost/", { headers })),
    Problem,
  );
});

function withKey(value: string): Request {
  const headers = { "Idempotency-Key": value };
  return new Request("http://localhost/tasks", { headers });
}
