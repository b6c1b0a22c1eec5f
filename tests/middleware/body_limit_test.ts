import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { Problem } from "../../http/problem.ts";
import { requestState } from "../../http/request_state.ts";
import { bodyLimit } from "../../middleware/body_limit.ts";
import { compose, type Handler } from "../../middleware/compose.ts";

const TOO_LARGE = "Cannot read the body: it has more than 4 bytes";

/** Bodies as they come, chunk by chunk, and the length that they announce. */
const BODIES: [
  chunks: string[],
  announced: string | undefined,
  taken: boolean,
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
  // What is announced is not believed when it is small.
  [["12345"], "1", false],
  [["12345"], "0", false],
  [["1"], "5", false],
  [["1"], "99999999999999999999999", false],
  // What is no number at all is not a length.
  [["1234"], "five", true],
  [["12345"], "five", false],
  [["12345"], "", false],
  [["12345"], "-1", false],
  [["12345"], "4, 4", false],
];

for (const [chunks, announced, taken] of BODIES) {
  const told = announced === undefined ? "" : ` that announces "${announced}"`;
  Deno.test(`bodyLimit() ${taken ? "takes" : "refuses"} ${JSON.stringify(chunks)}${told}`, async () => {
    const reading = serve(echo, post(streamOf(chunks), announced));

    if (taken) {
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
  Deno.test(`bodyLimit() counts what is read by ${name}`, async () => {
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

Deno.test("bodyLimit() refuses an announced body before a byte of it is read", async () => {
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

Deno.test("bodyLimit() lets the error of a body pass as the same object", async () => {
  const error = new RangeError("the line is cut");
  const body = new ReadableStream({
    pull(controller): void {
      controller.error(error);
    },
  });

  const thrown = await assertRejects(() => serve(echo, post(body)));

  assertStrictEquals(thrown, error);
});

for (const method of ["GET", "HEAD", "POST", "DELETE", "OPTIONS"]) {
  Deno.test(`bodyLimit() passes on the very request where a ${method} has no body`, async () => {
    const request = new Request("http://localhost/", {
      method,
      headers: { "Content-Length": "99" },
    });
    const handler = spy((_request: Request): Response => new Response());

    await serve(handler, request);

    assertStrictEquals(handler.calls[0]?.args[0], request);
  });
}

Deno.test("bodyLimit() passes on all else that the request says, and its state", async () => {
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

Deno.test("bodyLimit() tells whether a route waits for the body", async () => {
  const seen: boolean[] = [];
  await serve(async (request) => {
    const { receiving } = requestState(request);
    seen.push(receiving());
    const reading = request.text();
    seen.push(receiving());
    await reading;
    seen.push(receiving());
    return new Response();
  }, post("1234"));

  assertEquals(seen, [false, true, false]);
});

Deno.test("bodyLimit() keeps requests apart that come at the same time", async () => {
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
