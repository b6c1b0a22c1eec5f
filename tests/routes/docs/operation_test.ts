import { assertEquals } from "@std/assert";
import { PROBLEM_TYPES } from "../../../http/problem_types.ts";
import {
  HEADERS,
  json,
  problems,
  response,
} from "../../../routes/docs/operation.ts";

// deno-lint-ignore no-explicit-any -- read as the JSON that clients get
function read(value: unknown): any {
  return JSON.parse(JSON.stringify(value));
}

Deno.test("response() refers to headers that are described", () => {
  const { headers, content } = response("It is gone", ["ETag"]);

  assertEquals(Object.keys(headers).filter((name) => !(name in HEADERS)), []);
  assertEquals(Object.keys(headers)[0], "ETag");
  assertEquals(content, undefined);
});

Deno.test("json() has no examples where there are none", () => {
  assertEquals(
    Object.keys(read(json({ type: "string" }))["application/json"]),
    ["schema"],
  );
});

Deno.test("problems() gathers problems of one status in one answer", () => {
  const refused = read(problems(["invalid-json"]));

  assertEquals(
    refused[400].description,
    [
      PROBLEM_TYPES["invalid-json"].title,
      PROBLEM_TYPES["invalid-header"].title,
    ].join(", or: "),
  );
  assertEquals(
    Object.keys(refused[400].content["application/problem+json"].examples),
    ["invalid-json", "invalid-header"],
  );
  assertEquals(Object.keys(refused[503].headers)[0], "Retry-After");
});

Deno.test("problems() lists a problem of all operations once", () => {
  assertEquals(problems(["unavailable"]), problems());
});

Deno.test("problems() lists what a 415 says of the bodies that are taken", () => {
  const names = ["unsupported-media-type"] as const;

  const [post, bare] = [problems(names, ["Accept-Post"]), problems(names)]
    .map((refused) => Object.keys(read(refused)[415].headers));

  assertEquals(post, ["Accept-Post", ...bare!]);
});

Deno.test("HEADERS tells those that are always there from the others", () => {
  const optional = Object.entries(read(HEADERS))
    .filter(([, header]) => !(header as { required: boolean }).required)
    .map(([name]) => name);

  assertEquals(optional.sort(), [
    "Accept-Encoding",
    "Accept-Patch",
    "Accept-Post",
    "Content-Security-Policy",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Referrer-Policy",
    "Vary",
    "X-Content-Type-Options",
  ]);
});
