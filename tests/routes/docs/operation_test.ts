import { assertEquals, assertRejects } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { readConfig } from "../../../config.ts";
import { Problem } from "../../../http/problem.ts";
import { PROBLEM_TYPES } from "../../../http/problem_types.ts";
import { bodyLimit } from "../../../middleware/body_limit.ts";
import { compose } from "../../../middleware/compose.ts";
import { deadline } from "../../../middleware/deadline.ts";
import {
  answer,
  HEADERS,
  json,
  PROBLEMS,
  refusals,
} from "../../../routes/docs/operation.ts";

const LIMIT_MS = readConfig(() => undefined).requestTimeoutMs;

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
  const refused = read(refusals(["invalid-json"]));

  assertEquals(
    refused[400].description,
    "Invalid JSON, or: Invalid header",
  );
  assertEquals(
    Object.keys(refused[400].content["application/problem+json"].examples),
    ["invalid-json", "invalid-header"],
  );
  assertEquals(Object.keys(refused[503].headers)[0], "Retry-After");
});

Deno.test("refusals() says once what is said anywhere", () => {
  assertEquals(refusals(["unavailable"]), refusals());
});

Deno.test("refusals() lists what a 415 says of the bodies that are taken", () => {
  const names = ["unsupported-media-type"] as const;

  const [post, bare] = [refusals(names, ["Accept-Post"]), refusals(names)]
    .map((refused) => Object.keys(read(refused)[415].headers));

  assertEquals(post, ["Accept-Post", ...bare!]);
});

Deno.test("PROBLEMS has an example of each type", () => {
  assertEquals(Object.keys(PROBLEMS), Object.keys(PROBLEM_TYPES));
});

/** How a request ends that is not answered, by what the deadline says then. */
const ENDS: Record<string, (time: FakeTime, server: AbortController) => void> =
  {
    "request-timeout": (time) => time.tick(LIMIT_MS),
    "deadline-passed": (time) => time.tick(LIMIT_MS),
    "unavailable": (_time, server) => server.abort(),
  };

for (const [name, end] of Object.entries(ENDS)) {
  Deno.test(`the example of ${name} is what the deadline says by default`, async () => {
    using time = new FakeTime();
    const server = new AbortController();
    const serve = compose(
      [bodyLimit(1), deadline({ ms: LIMIT_MS, signal: server.signal })],
      (request) => {
        if (name === "request-timeout") request.text().catch(() => {});
        return new Promise(() => {});
      },
    );
    const body = new ReadableStream();
    const request = new Request("http://localhost/", { method: "POST", body });

    const served = assertRejects(() => serve(request), Problem);
    end(time, server);

    const said = await (await served).toResponse("01JD4Z3W6Q").json();
    assertEquals(said, read(PROBLEMS[name]).value);
    server.abort();
  });
}

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
