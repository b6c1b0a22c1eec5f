import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { assertSpyCalls, spy, stub } from "@std/testing/mock";
import { Problem } from "../../http/problem.ts";
import { requestState } from "../../http/request_state.ts";
import { bodyLimit } from "../../middleware/body_limit.ts";
import {
  compose,
  type Handler,
  type Middleware,
} from "../../middleware/compose.ts";
import { deadline } from "../../middleware/deadline.ts";

Deno.test("deadline() passes a response that is in time", async () => {
  await using api = open(() => wait(99));

  const served = api.send();
  await api.pass(99);

  assertEquals(await served, "200 at 99");
});

Deno.test("deadline() rejects at the deadline, not before", async () => {
  await using api = open(() => wait(10_000));

  const served = api.send();
  await api.pass(99);
  assertEquals(api.ended, 0);
  await api.pass(1);

  assertEquals(await served, "deadline-passed at 100");
});

Deno.test("deadline() rejects each of many requests at its own deadline, in order", async () => {
  await using api = open(() => wait(10_000));

  const served: Promise<string>[] = [];
  for (let sent = 0; sent < 50; sent++) {
    served.push(api.send());
    await api.pass(3);
  }
  await api.pass(100);

  assertEquals(
    await Promise.all(served),
    served.map((_, index) => `deadline-passed at ${100 + index * 3}`),
  );
});

Deno.test("deadline() rejects all requests that started at the same time", async () => {
  await using api = open(() => wait(10_000));

  const served = Array.from({ length: 1_000 }, () => api.send());
  await api.pass(100);

  assertEquals(
    new Set(await Promise.all(served)),
    new Set(["deadline-passed at 100"]),
  );
});

Deno.test("deadline() rejects slow requests between quick ones", async () => {
  await using api = open(({ url }) => wait(Number(new URL(url).port)));

  const served = [40, 200, 99, 300, 1].map((ms) =>
    api.send(new Request(`http://localhost:${ms}`))
  );
  await api.pass(300);

  assertEquals(await Promise.all(served), [
    "200 at 40",
    "deadline-passed at 100",
    "200 at 99",
    "deadline-passed at 100",
    "200 at 1",
  ]);
});

/** What the clock shows at the start and at each timer, and the timers. */
const CLOCKS: [law: string, clock: number[], timers: number[]][] = [
  ["waits on if its timer was early", [0, 99.5, 100], [100, 0.5]],
  ["rejects at its timer if the clock went back", [1_000_000, 5], [100]],
];

for (const [law, clock, timers] of CLOCKS) {
  Deno.test(`deadline() ${law}`, async () => {
    const setTimer = setTimeout;
    const delays: unknown[] = [];
    using _timers = stub(globalThis, "setTimeout", (run, delay) => {
      delays.push(delay);
      return setTimer(run);
    });
    using _clock = stub(Date, "now", () => clock.shift()!);
    const { signal } = new AbortController();

    const serve = compose(
      [deadline({ ms: 100, signal })],
      () => new Promise(() => {}),
    );

    assertEquals(await outcome(serve(get())), "deadline-passed");
    assertEquals(clock, []);
    assertEquals(delays, timers);
  });
}

Deno.test("deadline() aborts the signal, with the problem as the reason", async () => {
  await using api = open((request) => stopped(request));

  const served = api.send();
  await api.pass(100);

  assertEquals(await served, "deadline-passed at 100");
  const signal = requestState(api.requests[0]!).signal;
  assert(signal.reason instanceof Problem);
  assertEquals(signal.reason.message, "No response within 100 ms");
});

Deno.test("deadline() does not abort the signal of a request that has ended", async () => {
  await using api = open(() => new Response("hello"));

  await api.send();
  await api.pass(1_000);

  assertEquals(requestState(api.requests[0]!).signal.aborted, false);
});

Deno.test("deadline() passes errors through unchanged", async () => {
  const error = new RangeError("no");
  await using api = open(() => Promise.reject(error));

  assertStrictEquals(await api.serve(get()).catch((thrown) => thrown), error);
});

Deno.test("deadline() ignores an error after the deadline", async () => {
  await using api = open(async () => {
    await wait(200);
    throw new RangeError("unhandled");
  });

  const served = api.send();
  await api.pass(300);

  assertEquals(await served, "deadline-passed at 100");
});

Deno.test("deadline() cancels the body of a response after the deadline", async () => {
  const cancel = spy();
  await using api = open(async () => {
    await wait(200);
    return new Response(new ReadableStream({ cancel }));
  });

  const served = api.send();
  await api.pass(300);

  assertEquals(await served, "deadline-passed at 100");
  assertSpyCalls(cancel, 1);
});

const RESPONSES: [name: string, create: () => Response][] = [
  ["no body", () => new Response()],
  ["a body that is being read", () => {
    const response = new Response("hello");
    response.body?.getReader();
    return response;
  }],
  ["a body that fails to cancel", () =>
    new Response(
      new ReadableStream({
        cancel(): void {
          throw new RangeError("unhandled");
        },
      }),
    )],
  ["nothing at all", () => undefined as never],
];

for (const [name, create] of RESPONSES) {
  Deno.test(`deadline() ignores a response after the deadline with ${name}`, async () => {
    await using api = open(async () => {
      await wait(200);
      return create();
    });

    const served = api.send();
    await api.pass(300);

    assertEquals(await served, "deadline-passed at 100");
  });
}

Deno.test("deadline() leaves the body of a response unlimited", async () => {
  const cancel = spy();
  await using api = open(() => new Response(new ReadableStream({ cancel })));

  const response = await api.serve(get());
  await api.pass(1_000);

  assertSpyCalls(cancel, 0);
  await response.body?.cancel();
});

Deno.test("deadline() inside bodyLimit() is a 408 while the body arrives, and stops reading it", async () => {
  const cancel = spy();
  let reason: unknown;
  await using api = open(async (request) => {
    reason = await request.text().catch((thrown) => thrown);
    return new Response();
  }, bodyLimit(100));

  const served = api.send(post(
    new ReadableStream({
      start(controller): void {
        controller.enqueue(new Uint8Array(1));
      },
      cancel,
    }),
  ));
  await api.pass(100);

  assertEquals(await served, "request-timeout at 100, Connection: close");
  assert(reason instanceof Problem);
  assertEquals(reason.message, "No response within 100 ms");
  assertSpyCalls(cancel, 1);
});

const SLOW: [name: string, handler: Handler][] = [
  ["has arrived", async (request) => {
    await request.text();
    return await wait(200);
  }],
  ["is not read", () => wait(200)],
];

for (const [name, handler] of SLOW) {
  Deno.test(`deadline() inside bodyLimit() is a 504 if the body ${name}`, async () => {
    await using api = open(handler, bodyLimit(100));

    const served = api.send(post("hello"));
    await api.pass(200);

    assertEquals(await served, "deadline-passed at 100");
  });
}

Deno.test("deadline() has one timer for all requests", async () => {
  using time = new FakeTime(0);
  const server = new AbortController();
  const layer = deadline({ ms: 100, signal: server.signal });
  const serve = compose([layer], () => new Response());

  await serve(get());
  await serve(get());

  assert(time.next(), "one timer for all");
  assertEquals(time.next(), false);
});

Deno.test("deadline() stops its timer when the server has ended, and sets no other", async () => {
  using time = new FakeTime(0);
  const server = new AbortController();
  const layer = deadline({ ms: 100, signal: server.signal });
  const serve = compose([layer], () => new Response());

  await serve(get());
  server.abort();
  await serve(get());
  assertEquals(time.next(), false);

  const ended = deadline({ ms: 100, signal: server.signal });
  await compose([ended], () => new Response())(get());
  assertEquals(time.next(), false);
});

Deno.test("deadline() rejects open requests with 503 when the server ends, and aborts their signals", async () => {
  const server = new AbortController();
  const layer = deadline({ ms: 10_000, signal: server.signal });
  const requests = [get(), get()];
  const serve = compose([layer], (request) => stopped(request));

  const served = requests.map((request) => outcome(serve(request)));
  server.abort();

  for (const end of await Promise.all(served)) {
    assertEquals(end, "unavailable, Retry-After: 1");
  }
  for (const request of requests) {
    assert(requestState(request).signal.aborted);
  }
});

Deno.test("deadline() uses a real clock by default", async () => {
  const server = new AbortController();
  const layer = deadline({ ms: 1, signal: server.signal });

  const served = compose([layer], (request) => stopped(request))(get());

  assertEquals(await outcome(served), "deadline-passed");
  server.abort();
});

/** A chain with a deadline of 100 ms, and a clock that the test moves. */
interface TestApi extends AsyncDisposable {
  readonly serve: (request: Request) => Promise<Response>;
  /** The requests that the handler received. */
  readonly requests: Request[];
  /** How many have ended. */
  readonly ended: number;
  /** Sends a request, and returns how it ended and when. */
  send(request?: Request): Promise<string>;
  /** Moves the clock, and runs microtasks after each millisecond. */
  pass(ms: number): Promise<void>;
}

function open(handler: Handler, ...outer: Middleware[]): TestApi {
  const time = new FakeTime(0);
  const server = new AbortController();
  const requests: Request[] = [];
  let ended = 0;
  const layer = deadline({ ms: 100, signal: server.signal });
  const serve = compose([...outer, layer], (request) => {
    requests.push(request);
    return handler(request);
  });

  return {
    serve,
    requests,
    get ended(): number {
      return ended;
    },
    async send(request = get()): Promise<string> {
      const [end, ...rest] = (await outcome(serve(request))).split(",");
      ended++;
      return [`${end} at ${time.now}`, ...rest].join(",");
    },
    async pass(ms): Promise<void> {
      await time.runMicrotasks();
      for (let passed = 0; passed < ms; passed++) {
        time.tick(1);
        for (let step = 0; step < 10; step++) await Promise.resolve();
      }
      await time.runMicrotasks();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      server.abort();
      await time.runAllAsync();
      time.restore();
    },
  };
}

async function outcome(serving: Promise<Response>): Promise<string> {
  try {
    return String((await serving).status);
  } catch (error) {
    assert(error instanceof Problem);
    const headers = Object.entries(error.headers)
      .map(([name, value]) => `, ${name}: ${value}`);
    return error.type + headers.join("");
  }
}

/** Responds after a while. */
function wait(ms: number): Promise<Response> {
  return new Promise((resolve) => {
    setTimeout(() => resolve(new Response()), ms);
  });
}

/** Never responds, and rejects when the signal aborts. */
function stopped(request: Request): Promise<Response> {
  const signal = requestState(request).signal;
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

function get(): Request {
  return new Request("http://localhost/");
}

function post(body: BodyInit): Request {
  return new Request("http://localhost/", { method: "POST", body });
}
