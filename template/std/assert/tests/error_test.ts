import {
  AssertionError,
  assertIsError,
  assertRejects,
  assertThrows,
} from "@std/assert";
import { laws } from "./laws.ts";

abstract class StorageError extends Error {}
class QuotaError extends StorageError {}

const STYLED = new RangeError("\x1b[31mpage 9\x1b[39m of 8");

function throwing(value: unknown): () => never {
  return () => {
    throw value;
  };
}

laws("AssertionError is an Error with a name and a cause", [
  ["AssertionError: late", throwing(new AssertionError("late"))],
  [/^TypeError: /, () => {
    const error = new AssertionError("late", { cause: "traffic" });
    if (error instanceof Error && error.cause === "traffic") {
      throw new TypeError();
    }
  }],
]);

laws("assertIsError() checks the class and the message", [
  ["passes", () => assertIsError(STYLED)],
  ["passes", () => assertIsError(STYLED, RangeError, "page 9 of")],
  ["passes", () => assertIsError(STYLED, Error, /^page \d/)],
  ["passes", () => assertIsError(new QuotaError(), StorageError)],
  [
    'AssertionError: Expected "error" to be an Error object.',
    () => assertIsError("text"),
  ],
  [
    'AssertionError: Expected error to be instance of "TypeError", but was "Error": why',
    () => assertIsError(new Error(), TypeError, undefined, "why"),
  ],
  [
    'AssertionError: Expected error message to include "b", but got "a".',
    () => assertIsError(new Error("a"), Error, "b"),
  ],
  [
    'AssertionError: Expected error message to include /b/, but got "a".',
    () => assertIsError(new Error("a"), Error, /b/),
  ],
]);

laws("assertThrows() expects an error, maybe of a class with a message", [
  ["passes", () => assertThrows(throwing("text"))],
  ["passes", () => assertThrows(throwing(undefined), "why")],
  ["passes", () => assertThrows(throwing(STYLED), RangeError, "page 9")],
  ["passes", () => assertThrows(throwing(STYLED), Error)],
  ["passes", () => assertThrows(throwing(new QuotaError()), StorageError)],
  ["AssertionError: Expected function to throw.", () => assertThrows(() => 1)],
  [
    "AssertionError: Expected function to throw: why",
    () => assertThrows(() => 1, "why"),
  ],
  [
    "AssertionError: Expected function to throw: why",
    () => assertThrows(() => 1, Error, "", "why"),
  ],
  [
    "AssertionError: Expected function to throw: why",
    () => assertThrows(() => 1, null as unknown as typeof Error, "why"),
  ],
  [
    "AssertionError: Expected function to throw: why",
    () => assertThrows(() => 1, Date as unknown as typeof Error, "why"),
  ],
  [
    "AssertionError: A non-Error object was thrown.",
    () => assertThrows(throwing("text"), Error),
  ],
  [/but was "RangeError"\.$/, () => assertThrows(throwing(STYLED), TypeError)],
]);

laws("assertRejects() expects a promise that rejects", [
  ["passes", () => assertRejects(() => Promise.reject("text"))],
  [
    "passes",
    () => assertRejects(() => Promise.reject(STYLED), RangeError, "page 9"),
  ],
  [
    "passes",
    () => assertRejects(async () => await Promise.reject(STYLED), Error),
  ],
  [
    "passes",
    () =>
      assertRejects(() =>
        ({ then: (_: unknown, no: (e: Error) => void) => no(STYLED) }) as never
      ),
  ],
  [
    "AssertionError: Expected function to reject.",
    () => assertRejects(() => Promise.resolve()),
  ],
  [
    "AssertionError: Expected function to reject: why",
    () => assertRejects(() => Promise.resolve(), "why"),
  ],
  [
    "AssertionError: Function throws when expected to reject.",
    () => assertRejects(throwing(STYLED)),
  ],
  [
    "AssertionError: Function throws when expected to reject.",
    () => assertRejects(() => 1 as never),
  ],
  [
    "AssertionError: Function throws when expected to reject.",
    () => assertRejects(() => ({ then: 1 }) as never),
  ],
  [
    "AssertionError: A non-Error object was rejected: why",
    () => assertRejects(() => Promise.reject("text"), Error, "", "why"),
  ],
  [
    /but got "[^"]+page 9/,
    () => assertRejects(() => Promise.reject(STYLED), Error, "page 8"),
  ],
]);

Deno.test("assertThrows() and assertRejects() return what was thrown", async () => {
  const results = [
    assertThrows(throwing(STYLED), RangeError),
    assertThrows(throwing(STYLED)),
    await assertRejects(() => Promise.reject(STYLED), RangeError),
    await assertRejects(() => Promise.reject(STYLED)),
  ];
  if (results.some((result) => result !== STYLED)) throw new Error("lost");
});
