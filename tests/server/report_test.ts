import { assert, assertEquals, assertMatch } from "@std/assert";
import { Problem } from "../../http/problem.ts";
import { requestState } from "../../http/request_state.ts";
import type { LogFields } from "../../server/log.ts";
import { describeError, reportTo } from "../../server/report.ts";

function report(error: unknown): [string, string, LogFields | undefined] {
  const lines: [string, string, LogFields | undefined][] = [];
  const request = new Request("http://localhost/");
  Object.assign(requestState(request), { id: "7", route: "/tasks/:id" });

  reportTo((...line) => lines.push(line as typeof lines[number]))(
    error,
    request,
  );

  assertEquals(lines.length, 1);
  return lines[0]!;
}

Deno.test("reportTo() logs an unexpected error with its stack and its request", () => {
  const [level, message, fields] = report(new RangeError("out of range"));

  assertEquals([level, message], ["error", "unexpected error"]);
  assertEquals([fields?.requestId, fields?.route], ["7", "/tasks/:id"]);
  assertMatch(String(fields?.error), /^RangeError: out of range\n +at /);
});

const DISK = new Error("disk full");
const STORE = new Error("no write", { cause: DISK });

const CAUSES: [what: string, cause: unknown, logged: string | undefined][] = [
  ["two causes", STORE, "Error: no write: Error: disk full"],
  ["one cause", DISK, "Error: disk full"],
  ["a cause that is no error", "disk full", undefined],
  ["a long cause", new Error("a".repeat(2_000)), `Error: ${"a".repeat(993)}`],
];

for (const [what, cause, logged] of CAUSES) {
  Deno.test(`reportTo() warns of an outage with ${what}, without a stack`, () => {
    const problem = new Problem("unavailable", "The store is unavailable", {
      cause,
    });

    const [level, message, fields] = report(problem);

    assertEquals([level, message], ["warn", problem.message]);
    assertEquals(fields, {
      requestId: "7",
      route: "/tasks/:id",
      cause: logged,
    });
  });
}

const UNINSPECTABLE = {
  [Symbol.for("Deno.customInspect")](): never {
    throw new Error("no");
  },
};

// deno-fmt-ignore: one a line
const THROWN: [what: string, thrown: unknown, text: RegExp][] = [
  ["an error, with its stack", new RangeError("no"), /^RangeError: no\n +at .*report_test/],
  ["its causes", new Error("a", { cause: new Error("b", { cause: "c" }) }), /Error: a[^]*Error: b[^]*"c"/],
  ["its properties", Object.assign(new Error("a"), { code: 7 }), /code: 7/],
  ["a string", "no", /^"no"$/],
  ["undefined", undefined, /^undefined$/],
  ["an error that cannot be inspected", UNINSPECTABLE, /^An error that cannot be inspected$/],
];

for (const [what, thrown, text] of THROWN) {
  Deno.test(`describeError() describes ${what}`, () => {
    assertMatch(describeError(thrown), text);
  });
}

Deno.test("describeError() cuts the middle out of a long text", () => {
  const text = describeError(new Error(`${"a".repeat(9_000)} end`));

  assert(text.startsWith("Error: aaa"));
  assert(text.includes(" […] "));
  assertEquals(text.length, 8_005);
});
