import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { FakeTime } from "@std/testing/time";
import { Problem } from "../../http/problem.ts";
import type { ProblemName } from "../../http/problem_types.ts";
import { requestState } from "../../http/request_state.ts";
import { bodyLimit } from "../../middleware/body_limit.ts";
import { compose, type Handler } from "../../middleware/compose.ts";

const TOO_LARGE = "The body is larger than 4 bytes";

/** Bodies in chunks, with their `Content-Length`. */
const BODIES: [
  chunks: string[],
  announced: string | undefined,
  accepted: boolean,
][] = [
  [[], undefined, true],
  [[""], "0", true],
  [["1234"], undefined, true],
  [["1234"], "4", true],
  [["1", "2", "", "34"], undefined, true],
  [["é", "é"], undefined, true],
  [["12345"], undefined, false],
  [["12345"], "5", false],
  [["1234", "5"], undefined, false],
  [["1", "2", "3", "4", "5"], undefined, false],
  [["éé", "1"], undefined, false],
  // A Content-Length that is too small is not trusted.
  [["12345"], "1", false],
  [["12345"], "0", false],
  [["1"], "5", false],
  [["1"], "99999999999999999999999", false],
  // A Content-Length that is not a number is ignored.
  [["1234"], "five", true],
  [["12345"], "five", false],
  [["12345"], "", false],
  [["12345"], "-1", false],
  [["12345"], "4, 4", false],
];

for (const [chunks, announced, accepted] of BODIES) {
  const shown = announced === undefined
    ? ""
    : ` with Content-Length "${announced}"`;
  Deno.test(`bodyLimit() ${accepted ? "accepts" : "rejects"} ${JSON.stringify(chunks)}${shown}`, async () => {
    const reading = serve(echo, post(streamOf(chunks), announced));

    if (accepted) {
      return assertEquals(await (await reading).text(), chunks.join(""));
    }
    const problem = await assertRejects(() => reading, Problem, TOO_LARGE);
    assertEquals(problem.type, "body-too-large");
  });
}

const READERS: [name: string, read: (request: Request) => Promise<unknown>][] =
  [
    ["text()", (request) => request.text()],
    ["json()", (request) => request.json()],
    ["bytes()", (request) => request.bytes()],
    ["arrayBuffer()", (request) => request.arrayBuffer()],
    ["blob()", (request) => request.blob()],
    ["a loop", (request) => Array.fromAsync(request.body!)],
    ["a clone", (request) => request.clone().text()],
  ];

for (const [name, read] of READERS) {
  Deno.test(`bodyLimit() counts bytes that are read by ${name}`, async () => {
    await assertRejects(
      () =>
        serve(async (request) => {
          await read(request);
          return new Response();
        }, post("12345")),
      Problem,
      TOO_LARGE,
    );
  });
}

Deno.test("bodyLimit() rejects a large Content-Length before a byte is read", async () => {
  const pull = spy();
  const handler = spy(echo);
  const body = new ReadableStream({ pull }, { highWaterMark: 0 });

  await assertRejects(() => serve(handler, post(body, "5")), Problem);

  assertSpyCalls(pull, 0);
  assertSpyCalls(handler, 0);
});

Deno.test("bodyLimit() stops a body without end", async () => {
  const cancel = spy();
  const body = new ReadableStream({
    pull(controller): void {
      controller.enqueue(new Uint8Array(1));
    },
    cancel,
  });

  await assertRejects(() => serve(echo, post(body)), Problem, TOO_LARGE);

  assertSpyCalls(cancel, 1);
});

Deno.test("bodyLimit() rejects more than 10,000 tiny chunks", async () => {
  const read = (count: number, chunk: string): Promise<Response> =>
    compose([bodyLimit(1e6)], echo)(
      post(streamOf(Array<string>(count).fill(chunk))),
    );

  assertEquals((await (await read(10_000, "1")).text()).length, 10_000);
  assertEquals(
    (await (await read(10_001, "x".repeat(16))).text()).length,
    160_016,
  );
  const problem = await assertRejects(() => read(10_001, "1"), Problem);
  assertEquals(problem.type, "body-too-large");
});

Deno.test("bodyLimit() passes the error of a body through unchanged", async () => {
  const error = new RangeError("connection reset");
  const body = new ReadableStream({
    pull(controller): void {
      controller.error(error);
    },
  });

  const thrown = await assertRejects(() => serve(echo, post(body)));

  assertStrictEquals(thrown, error);
});

for (const method of ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]) {
  Deno.test(`bodyLimit() passes on the same request if a ${method} has no body`, async () => {
    const request = new Request("http://localhost/", {
      method,
      headers: { "Content-Length": "99" },
    });
    const handler = spy((_request: Request): Response => new Response());

    await serve(handler, request);

    assertStrictEquals(handler.calls[0]?.args[0], request);
  });
}

Deno.test("bodyLimit() passes on method, URL, headers and state", async () => {
  const request = post("1234");
  requestState(request).id = "abc";
  const handler = spy((_request: Request): Response => new Response());

  await serve(handler, request);

  const passed = handler.calls[0]!.args[0]!;
  assertEquals(passed.method, "POST");
  assertEquals(passed.url, request.url);
  assertEquals([...passed.headers], [...request.headers]);
  assertStrictEquals(requestState(passed), requestState(request));
});

/** Errors of the layers below while a route reads the body, and after. */
const FAILURES: [type: ProblemName, during: ProblemName][] = [
  ["deadline-passed", "request-timeout"],
  ["unavailable", "unavailable"],
  ["invalid-json", "invalid-json"],
];

for (const [type, during] of FAILURES) {
  Deno.test(`bodyLimit() makes "${during}" of "${type}" while a route reads the body`, async () => {
    const body = new ReadableStream();
    const problem = await failure(type, (request) => void request.text(), body);

    assertEquals(problem.type, during);
  });

  Deno.test(`bodyLimit() passes "${type}" through once the body has arrived`, async () => {
    const problem = await failure(type, (request) => request.text());

    assertEquals(problem.type, type);
  });

  Deno.test(`bodyLimit() passes "${type}" through if no route reads the body`, async () => {
    const problem = await failure(type, () => {});

    assertEquals(problem.type, type);
  });
}

/** Sends a body to a route that reads it and then fails. */
async function failure(
  type: ProblemName,
  read: (request: Request) => unknown,
  body: BodyInit = "1234",
): Promise<Problem> {
  return await assertRejects(
    () =>
      serve(async (request) => {
        await read(request);
        throw new Problem(type, "No");
      }, post(body)),
    Problem,
  );
}

const CHUNKED = { "Transfer-Encoding": "chunked" };

/** Sends a body and waits, again and again, and then ends it. */
async function sendSlowly(
  headers: HeadersInit,
  ...pauses: number[]
): Promise<Response> {
  using time = new FakeTime();
  const { readable, writable } = new TransformStream();
  const writer = writable.getWriter();
  const request = new Request("http://localhost/", {
    method: "POST",
    headers,
    body: readable,
  });
  const response = serve(echo, request);
  response.catch(() => {});
  for (const pause of pauses) {
    writer.write(new TextEncoder().encode("1")).catch(() => {});
    await time.tickAsync(pause);
  }
  writer.close().catch(() => {});
  return await response;
}

Deno.test("bodyLimit() rejects a chunked body that pauses for half a second", async () => {
  const problem = await assertRejects(
    () => sendSlowly(CHUNKED, 400, 600),
    Problem,
    "The chunked body paused for half a second",
  );

  assertEquals(problem.type, "request-timeout");
  assertEquals(problem.headers, { "Connection": "close" });
});

Deno.test("bodyLimit() accepts a slow chunked body, and one with a length that pauses", async () => {
  const slow = await sendSlowly(CHUNKED, 400, 400, 400, 400);
  const paused = await sendSlowly({ "Content-Length": "2" }, 5_000, 5_000);

  assertEquals(await slow.text(), "1111");
  assertEquals(await paused.text(), "11");
});

Deno.test("bodyLimit() keeps concurrent requests apart", async () => {
  const layer = compose([bodyLimit(4)], echo);

  const ends = await Promise.allSettled(
    ["1", "22", "333", "4444", "55555"].map((body) => layer(post(body))),
  );

  assertEquals(ends.map(({ status }) => status), [
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "fulfilled",
    "rejected",
  ]);
});

function serve(handler: Handler, request: Request): Promise<Response> {
  return compose([bodyLimit(4)], handler)(request);
}

async function echo(request: Request): Promise<Response> {
  return new Response(await request.text());
}

function streamOf(chunks: string[]): ReadableStream<Uint8Array> {
  return ReadableStream.from(
    chunks.map((chunk) => new TextEncoder().encode(chunk)),
  );
}

function post(body: BodyInit, announced?: string): Request {
  return new Request("http://localhost/", {
    method: "POST",
    headers: announced === undefined ? {} : { "Content-Length": announced },
    body,
  });
}
