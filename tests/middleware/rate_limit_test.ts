import { assert, assertEquals, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { requestState } from "../../http/request_state.ts";
import { compose, type Handler } from "../../middleware/compose.ts";
import {
  rateLimit,
  type RateLimitOptions,
} from "../../middleware/rate_limit.ts";

/** Two requests in ten seconds: one comes back every five. */
const CALLS: [second: number, outcome: string][] = [
  [0, 'in, "default";r=1;t=5'],
  [0, 'in, "default";r=0;t=5'],
  [0, 'out, "default";r=0;t=5, wait 5'],
  [0.001, 'out, "default";r=0;t=5, wait 5'],
  [4, 'out, "default";r=0;t=1, wait 1'],
  [4.999, 'out, "default";r=0;t=1, wait 1'],
  [5, 'in, "default";r=0;t=5'],
  [5, 'out, "default";r=0;t=5, wait 5'],
  [7, 'out, "default";r=0;t=3, wait 3'],
  [10, 'in, "default";r=0;t=5'],
  [1_000_000, 'in, "default";r=1;t=5'],
  [1_000_000, 'in, "default";r=0;t=5'],
  [1_000_000, 'out, "default";r=0;t=5, wait 5'],
];

Deno.test("rateLimit() accepts requests for tokens that came back, and reports what is left", async () => {
  using api = open({ requests: 2, seconds: 10 });

  const outcomes: [number, string][] = [];
  for (const [second] of CALLS) {
    outcomes.push([second, await api.call({ second })]);
  }

  assertEquals(outcomes, CALLS);
});

Deno.test("rateLimit() accepts a client that waits for Retry-After", async () => {
  const rejected: string[] = [];
  for (const requests of [1, 2, 3, 7, 10, 60, 100]) {
    for (let seconds = 1; seconds <= 120; seconds++) {
      using api = open({ requests, seconds });
      let second = 0;
      for (let round = 0; round < 3; round++) {
        const out = await api.empty({ second });
        const [, until, wait] = /;t=(\d+), wait (\d+)$/.exec(out)!;
        // Not before there is more quota (draft-ietf-httpapi-ratelimit-headers).
        assert(Number(wait) >= Number(until), out);
        second += Number(wait);
        const outcome = await api.call({ second });
        if (!outcome.startsWith("in")) rejected.push(`${requests}/${seconds}`);
      }
    }
  }

  assertEquals(rejected, []);
});

Deno.test("rateLimit() accepts no more than the policy over a long time", async () => {
  using api = open({ requests: 3, seconds: 7 });

  let allowed = 0;
  for (let ms = 0; ms < 700_000; ms += 130) {
    if ((await api.call({ second: ms / 1000 })).startsWith("in")) allowed++;
  }

  // Three in one burst, and three in each of a hundred windows.
  assert(allowed <= 303, `${allowed} were accepted`);
  assert(allowed >= 302, `${allowed} were accepted`);
});

Deno.test("rateLimit() keeps clients apart", async () => {
  using api = open({ requests: 1, seconds: 10 });

  await api.call({ client: "192.0.2.1" });

  assertEquals((await api.call({ client: "192.0.2.1" })).slice(0, 3), "out");
  assertEquals((await api.call({ client: "__proto__" })).slice(0, 2), "in");
  assertEquals((await api.call({ client: "" })).slice(0, 2), "in");
});

Deno.test("rateLimit() accepts as many concurrent requests as there are tokens", async () => {
  using api = open({ requests: 5, seconds: 10 });

  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () => api.call({})),
  );

  assertEquals(outcomes.filter((each) => each.startsWith("in")).length, 5);
});

Deno.test("rateLimit() forgets the client that called least recently if there are too many", async () => {
  using api = open({ requests: 1, seconds: 10 });
  // As many as are remembered, 10,000, with "a", "b" and "c".
  const others = Array.from({ length: 9_998 }, (_, index) => `${index}`);

  for (const client of ["a", "b", ...others, "a", "c"]) {
    await api.call({ client });
  }

  // "b" called least recently: it starts anew.
  assertEquals((await api.call({ client: "c" })).slice(0, 3), "out");
  assertEquals((await api.call({ client: "a" })).slice(0, 3), "out");
  assertEquals((await api.call({ client: "b" })).slice(0, 2), "in");
  assertEquals((await api.call({ client: "a" })).slice(0, 3), "out");
});

Deno.test("rateLimit() responds with 429, the policy and Retry-After", async () => {
  using api = open({ requests: 2, seconds: 60 });
  await api.empty({});
  const request = new Request("http://localhost/");
  requestState(request).id = "1";

  const response = await api.serve(request);

  assertEquals(response.status, 429);
  assertEquals(Object.fromEntries(response.headers), {
    "content-type": "application/problem+json",
    "ratelimit": '"default";r=0;t=30',
    "ratelimit-policy": '"default";q=2;w=60',
    "retry-after": "30",
  });
  const { detail, requestId } = await response.json();
  assertEquals(detail, "The limit is 2 requests in 60 s: retry after 30 s");
  assertEquals(requestId, "1");
});

Deno.test("rateLimit() sets no headers where another cause says when to retry", async () => {
  const headers = { "Retry-After": "1" };
  using api = open(
    { requests: 2, seconds: 60 },
    () => new Response(null, { status: 503, headers }),
  );

  const response = await api.serve(new Request("http://localhost/"));

  // `t` would be 30: Retry-After must not be earlier.
  assertEquals(Object.fromEntries(response.headers), { "retry-after": "1" });
});

Deno.test("rateLimit() does not count a path in `except`, and sets no headers there", async () => {
  using api = open({
    requests: 1,
    seconds: 60,
    except: ["/healthz"],
  });
  await api.empty({});

  const response = await api.serve(new Request("http://localhost/healthz?a"));

  assertEquals(response.status, 200);
  assertEquals(response.headers.has("RateLimit"), false);
});

Deno.test("rateLimit() does not call the layers below for a 429", async () => {
  let calls = 0;
  using api = open({ requests: 1, seconds: 60 }, () => {
    calls++;
    return new Response();
  });

  await api.empty({});

  assertEquals(calls, 1);
});

Deno.test("rateLimit() counts a request that fails, and passes its error through", async () => {
  using api = open({ requests: 1, seconds: 60 }, () => {
    throw new RangeError("no");
  });
  const request = new Request("http://localhost/");

  await assertRejects(() => api.serve(request), RangeError, "no");
  assertEquals((await api.serve(request)).status, 429);
});

Deno.test("rateLimit() sets its headers on an immutable response", async () => {
  using api = open(
    { requests: 1, seconds: 60 },
    () => Response.redirect("http://localhost/"),
  );

  const { headers } = await api.serve(new Request("http://localhost/"));

  assertEquals(headers.get("RateLimit"), '"default";r=0;t=60');
  assertEquals(headers.get("RateLimit-Policy"), '"default";q=1;w=60');
});

Deno.test("rateLimit() uses a real clock", async () => {
  const serve = compose(
    [rateLimit({ requests: 1, seconds: 1_000 })],
    () => new Response(),
  );
  const request = new Request("http://localhost/");

  await serve(request);

  assertEquals((await serve(request)).status, 429);
});

/** The client of a call, and its time. */
interface Call {
  second?: number;
  client?: string;
}

/** A handler behind a limit, while the clock shows the time of the last call. */
interface TestApi extends Disposable {
  serve(request: Request): Promise<Response>;
  /** Sends a request, and returns whether it got in, and what is left. */
  call(call: Call): Promise<string>;
  /** Sends requests until one is rejected, and returns its outcome. */
  empty(call: Call): Promise<string>;
}

function open(
  options: RateLimitOptions,
  handler: Handler = () => new Response(),
): TestApi {
  let time = 0;
  const clock = stub(performance, "now", () => time);
  const serve = compose([rateLimit(options)], handler);

  async function call({ second = 0, client = "" }: Call): Promise<string> {
    time = second * 1000;
    const request = new Request("http://localhost/");
    requestState(request).client = client;
    const { status, headers } = await serve(request);
    const left = headers.get("RateLimit");
    return status === 429
      ? `out, ${left}, wait ${headers.get("Retry-After")}`
      : `in, ${left}`;
  }

  return {
    serve,
    call,
    [Symbol.dispose]: () => clock.restore(),
    async empty(each): Promise<string> {
      let outcome = await call(each);
      while (outcome.startsWith("in")) outcome = await call(each);
      return outcome;
    },
  };
}
