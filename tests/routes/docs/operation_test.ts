import { assertEquals, assertMatch } from "@std/assert";
import { PROBLEM_TYPES } from "../../../http/problem_types.ts";
import {
  answer,
  HEADERS,
  json,
  PROBLEMS,
  refusals,
} from "../../../routes/docs/operation.ts";

// deno-lint-ignore no-explicit-any -- read as the JSON that clients get
function read(value: unknown): any {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("answer() refers to headers that are described", () => {
  const { headers, content } = answer("It is gone", ["ETag"]);

  assertEquals(Object.keys(headers).filter((name) => !(name in HEADERS)), []);
  assertEquals(Object.keys(headers)[0], "ETag");
  assertEquals(content, undefined);
});

Deno.test("json() has no examples where there are none", () => {
  assertEquals(Object.keys(read(json("Task"))["application/json"]), ["schema"]);
});

Deno.test("refusals() gathers problems of one status in one answer", () => {
  const refused = read(refusals("invalid-json", "unavailable"));

  assertEquals(
    refused[400].description,
    "The body is not JSON, or: A header is not valid",
  );
  assertEquals(
    Object.keys(refused[400].content["application/problem+json"].examples),
    ["invalid-json", "invalid-header"],
  );
  assertEquals(Object.keys(refused[503].headers)[0], "Retry-After");
});

Deno.test("PROBLEMS has an example of each type, without marks for code", () => {
  assertEquals(Object.keys(PROBLEMS), Object.keys(PROBLEM_TYPES));
  assertMatch(JSON.stringify(PROBLEMS), /^[^`]+$/);
});
