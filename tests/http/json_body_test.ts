import {
  assert,
  assertEquals,
  assertInstanceOf,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { stub } from "@std/testing/mock";
import { readJson } from "../../http/json_body.ts";
import { Problem } from "../../http/problem.ts";

const MERGE_PATCH = ["application/merge-patch+json", "application/json"];

const READ: [body: string, value: unknown][] = [
  ['{"title":"Write"}', { title: "Write" }],
  ["null", null],
  ["0", 0],
  ['""', ""],
  [" [ 1 ]\r\n", [1]],
  ['"\ufeff"', "\ufeff"],
  ["\ufeff1", 1],
  [String.raw`"\ud800"`, "\ud800"],
  [String.raw`"\u0000"`, "\0"],
  ['{"a":1,"a":2}', { a: 2 }],
];

for (const [body, value] of READ) {
  Deno.test(`readJson() reads ${JSON.stringify(body)}`, async () => {
    assertEquals(await readJson(post(body)), value);
  });
}

Deno.test("readJson() reads __proto__ as a member like any other", async () => {
  const body = '{"__proto__":{"done":true}}';

  const value = await readJson(post(body)) as Record<string, unknown>;

  assertEquals(Object.keys(value), ["__proto__"]);
  assertEquals(value.done, undefined);
  assertEquals(({} as Record<string, unknown>).done, undefined);
});

/** Nested lists and objects. */
function deep(levels: number): string {
  return '[{"a":'.repeat(levels / 2) + "0" + "}]".repeat(levels / 2);
}

const DEEP: [name: string, body: string, accepted: boolean][] = [
  ["a hundred deep", deep(100), true],
  ["more than a hundred deep", deep(102), false],
  ["100,000 deep", deep(100_000), false],
  ["deep without an end", "[".repeat(101), false],
  ["long and not deep", `[${Array(1000).fill("[{}]")}]`, true],
  ["a hundred deep, twice", `[${deep(98)},${deep(98)}]`, true],
  ["deep behind a text", `["\\"",${deep(100)}]`, false],
  ["deep in a text", JSON.stringify(deep(10_000)), true],
  ["deep in a name", `{${JSON.stringify(deep(10_000))}:0}`, true],
  ["a text that ends with a backslash", `["\\\\",${deep(98)}]`, true],
  ["deep behind a backslash in a text", `["\\\\",${deep(100)}]`, false],
];

for (const [name, body, accepted] of DEEP) {
  Deno.test(`readJson() ${accepted ? "reads" : "rejects"} JSON that is ${name}`, async () => {
    const reading = readJson(post(body));

    if (accepted) return assertEquals(await reading, JSON.parse(body));
    const problem = await assertRejects(
      () => reading,
      Problem,
      "Cannot read the body: it has more than 100 levels",
    );
    assertEquals(problem.type, "invalid-json");
  });
}

Deno.test("readJson() parses large bodies for 10 ms in a turn, and small ones immediately", async () => {
  // Later than the turns of earlier tests.
  let now = performance.now() + 1000;
  let turns = 0;
  const setTimer = setTimeout;
  // The clock is read once before each large body, so parsing one takes 6 ms.
  using _clock = stub(performance, "now", () => now += 6);
  using _timers = stub(globalThis, "setTimeout", (run) => {
    turns++;
    return setTimer(run);
  });
  const read = (sizes: number[]): Promise<unknown> =>
    Promise.all(sizes.map((size) => readJson(post(text(size)))));

  await read([16_384, 1000]);
  assertEquals(turns, 0);

  await read([16_385, 20_000, 60_000, 1000]);
  // Two in the first turn, 12 ms, and one in the next.
  assertEquals(turns, 2);
});

Deno.test("readJson() does not parse a large body if its client has gone", async () => {
  const client = new AbortController();
  const request = new Request(post(text(20_000)), { signal: client.signal });

  const setTimer = setTimeout;
  const later = performance.now() + 2000;
  using _clock = stub(performance, "now", () => later);
  // The client leaves while the body waits for its turn.
  using _timers = stub(globalThis, "setTimeout", (run) =>
    setTimer(() => {
      client.abort();
      run();
    }));

  const problem = await assertRejects(() => readJson(request), Problem);

  assertEquals(problem.type, "invalid-json");
  assertEquals((problem.cause as Error).name, "AbortError");
});

/** JSON of so many bytes. */
function text(bytes: number): string {
  return `"${"x".repeat(bytes - 2)}"`;
}

const EMPTY = "Cannot read the body: it is empty";
const NO_JSON = "Cannot read the body: it is not JSON in UTF-8";

const BROKEN: [
  name: string,
  body: string | Uint8Array<ArrayBuffer> | null,
  message: string,
][] = [
  ["no body", null, EMPTY],
  ["an empty body", "", EMPTY],
  ["a space", " ", NO_JSON],
  ["half an object", '{"a":', NO_JSON],
  ["two values", "1 2", NO_JSON],
  ["a trailing comma", "[1,]", NO_JSON],
  ["NaN", "NaN", NO_JSON],
  ["a raw line feed in a string", '"\n"', NO_JSON],
  ["bytes that are not UTF-8", new Uint8Array([0x22, 0xff, 0x22]), NO_JSON],
  [
    "a surrogate in UTF-8",
    new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22]),
    NO_JSON,
  ],
  ["half a character", new Uint8Array([0x22, 0xc3]), NO_JSON],
  ["UTF-16", new Uint8Array([0xff, 0xfe, 0x31, 0x00]), NO_JSON],
];

for (const [name, body, message] of BROKEN) {
  Deno.test(`readJson() rejects ${name}`, async () => {
    const problem = await assertRejects(
      () => readJson(post(body)),
      Problem,
      message,
    );

    assertEquals(problem.type, "invalid-json");
    assert(problem.cause);
  });
}

Deno.test("readJson() reads the next body after one that was not UTF-8", async () => {
  await assertRejects(() => readJson(post(new Uint8Array([0xc3]))), Problem);

  assertEquals(await readJson(post('"ü"')), "ü");
});

const TYPES: [type: string, accepted: boolean][] = [
  ["application/json", true],
  ["Application/JSON", true],
  ["application/json;charset=utf-8", true],
  ['application/json ; Charset="UTF-8"', true],
  ["application/json; charset=utf8", true],
  ["application/json; version=1", true],
  ["application/json;", true],
  ["application/json; charset=utf-16", false],
  ["application/json; version=1; charset=latin1", false],
  ["application/json; charset=utf-8; charset=utf-16", false],
  ["application/merge-patch+json", false],
  ["application/problem+json", false],
  ["application/jsonp", false],
  ["application/json, text/plain", false],
  ["text/plain", false],
  ["text/plain; application/json", false],
  ["application/x-www-form-urlencoded", false],
  ["multipart/form-data; boundary=x", false],
  ["", false],
];

for (const [type, accepted] of TYPES) {
  Deno.test(`readJson() ${accepted ? "accepts" : "rejects"} the type ${JSON.stringify(type)}`, async () => {
    const reading = readJson(post("1", { "Content-Type": type }));

    if (accepted) return assertEquals(await reading, 1);
    const problem = await assertRejects(() => reading, Problem);
    assertEquals(problem.type, "unsupported-media-type");
    assertEquals(problem.headers, { "Accept-Post": "application/json" });
  });
}

Deno.test("readJson() rejects a body without a type", async () => {
  const request = new Request("http://localhost/", {
    method: "POST",
    body: new Uint8Array([0x31]),
  });

  const problem = await assertRejects(() => readJson(request), Problem);

  assertEquals(problem.status, 415);
});

Deno.test("readJson() accepts the given types", async () => {
  const headers = { "Content-Type": "application/merge-patch+json" };

  assertEquals(await readJson(post("1", headers), MERGE_PATCH), 1);
});

Deno.test("readJson() lists its types in Accept-Patch if it rejects a PATCH", async () => {
  const request = new Request("http://localhost/", {
    method: "PATCH",
    body: "1",
  });

  const problem = await assertRejects(
    () => readJson(request, MERGE_PATCH),
    Problem,
    "send application/merge-patch+json or application/json in UTF-8",
  );

  assertEquals(problem.headers, {
    "Accept-Patch": "application/merge-patch+json, application/json",
  });
});

const CODINGS: [coding: string, accepted: boolean][] = [
  ["identity", true],
  [" Identity ", true],
  ["gzip", false],
  ["identity, gzip", false],
];

for (const [coding, accepted] of CODINGS) {
  Deno.test(`readJson() ${accepted ? "accepts" : "rejects"} the coding "${coding}"`, async () => {
    const reading = readJson(post("1", { "Content-Encoding": coding }));

    if (accepted) return assertEquals(await reading, 1);
    const problem = await assertRejects(() => reading, Problem, "compressed");
    assertEquals(problem.type, "unsupported-media-type");
    assertEquals(problem.headers, { "Accept-Encoding": "identity" });
  });
}

Deno.test("readJson() does not read a body if it rejects the type", async () => {
  const request = post("1", { "Content-Type": "text/plain" });

  await assertRejects(() => readJson(request), Problem);

  assertEquals(request.bodyUsed, false);
});

const FAILURES: [name: string, error: Error, passes: boolean][] = [
  ["a problem", new Problem("body-too-large", "Cannot read the body"), true],
  // The server read the body before: not an error of the client.
  ["a TypeError", new TypeError("Body already consumed"), true],
  // What Deno throws if the client has gone.
  ["a BadResource", new Deno.errors.BadResource("secret"), false],
  ["an Http error", new Deno.errors.Http("secret"), false],
];

for (const [name, error, passes] of FAILURES) {
  Deno.test(`readJson() ${passes ? "passes on" : "rejects with 400"} ${name} of the body`, async () => {
    const body = new ReadableStream({
      pull(controller): void {
        controller.error(error);
      },
    });

    const thrown = await assertRejects(() => readJson(post(body)));

    if (passes) return assertStrictEquals(thrown, error);
    assertInstanceOf(thrown, Problem);
    assertEquals(thrown.type, "invalid-json");
    assertEquals(
      thrown.message,
      "Cannot read the body: it is incomplete",
    );
    assertInstanceOf(thrown.cause, error.constructor as typeof Error);
  });
}

function post(
  body: BodyInit | null,
  headers: Record<string, string> = {},
): Request {
  return new Request("http://localhost/", {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body,
  });
}
