import {
  assertEquals,
  assertIsError,
  assertRejects,
  assertStrictEquals,
} from "@std/assert";
import { assertSpyCallArg, assertSpyCalls, spy } from "@std/testing/mock";
import { Problem } from "../../http/problem.ts";
import type { ProblemName } from "../../http/problem_types.ts";
import { requestState } from "../../http/request_state.ts";
import {
  compose,
  type Handler,
  type Middleware,
  type Next,
} from "../../middleware/compose.ts";
import { errors } from "../../middleware/errors.ts";

const INTERNAL = {
  type: "/problems/internal-error",
  title: "The server failed",
  status: 500,
  detail: "The server could not handle this request",
  requestId: "abc",
};

/** Whatever JavaScript can throw, and must not reach a client. */
const UNEXPECTED: [name: string, thrown: unknown][] = [
  ["an error", new Error("secret")],
  ["a promise that never ends", new Promise(() => {})],
  [
    "an error with the status of a problem",
    Object.assign(new Error("secret"), { status: 404 }),
  ],
  [
    "an error by the name of Problem",
    Object.assign(new Error("secret"), { name: "Problem" }),
  ],
  ["a DOMException", new DOMException("secret", "AbortError")],
  ["a string", "secret"],
  ["a response", new Response("secret")],
  ["undefined", undefined],
  ["null", null],
  ["an object without a prototype", Object.create(null)],
];

for (const [name, thrown] of UNEXPECTED) {
  Deno.test(`errors() reports ${name}, and tells the client the request id only`, async () => {
    const report = spy((_error: unknown, _request: Request): void => {});
    const request = requestWithId();

    const response = await compose([errors({ report })], () => {
      throw thrown;
    })(request);

    assertEquals(response.status, 500);
    assertEquals(await response.json(), INTERNAL);
    assertSpyCalls(report, 1);
    assertStrictEquals(report.calls[0]?.args[0], thrown);
    assertSpyCallArg(report, 0, 1, request);
  });
}

/** A problem is an answer, and from 500 on it is also news for the operator. */
const PROBLEMS: [type: ProblemName, reports: number][] = [
  ["not-found", 0],
  ["request-timeout", 0],
  ["too-many-requests", 0],
  ["unavailable", 1],
  ["deadline-passed", 1],
];

for (const [type, reports] of PROBLEMS) {
  Deno.test(`errors() answers "${type}" as it is, and reports it ${reports} times`, async () => {
    const report = spy();
    const headers = { "Retry-After": "1" };
    const problem = new Problem(type, "Cannot take requests", { headers });

    const response = await compose([errors({ report })], () => {
      throw problem;
    })(requestWithId());

    const { detail, requestId } = await response.json();
    assertEquals(response.status, problem.status);
    assertEquals(response.headers.get("Retry-After"), "1");
    assertEquals([detail, requestId], ["Cannot take requests", "abc"]);
    assertEquals(
      report.calls.map(({ args }) => args[0]),
      [problem].slice(0, reports),
    );
  });
}

Deno.test("errors() lets a response pass", async () => {
  const response = new Response("hello", { status: 500 });

  const served = await compose([errors({ report: spy() })], () => response)(
    requestWithId(),
  );

  assertStrictEquals(served, response);
});

const FORGETFUL: [who: string, layers: Middleware[], handler: Handler][] = [
  ['layer "forgetful"', [forgetful], () => new Response()],
  ['layer "forgetful"', [pass, forgetful, pass], () => new Response()],
  ['layer "forgetful"', [touch, forgetful, pass], () => new Response()],
  ["the handler", [pass], () => undefined as never],
];

for (const [who, layers, handler] of FORGETFUL) {
  Deno.test(`errors() answers for ${who} that gives no response, ${layers.length} layers below`, async () => {
    const reported: unknown[] = [];
    const report = (error: unknown): void => void reported.push(error);

    const response = await compose(
      [pass, errors({ report }), ...layers],
      handler,
    )(requestWithId());

    assertEquals(await response.json(), INTERNAL);
    assertEquals(reported.length, 1);
    assertIsError(reported[0], TypeError, `Cannot use what ${who} returned`);
  });
}

Deno.test("errors() answers for whatever gives no response, without compose()", async () => {
  const reported: unknown[] = [];
  const layer = errors({ report: (error) => reported.push(error) });

  const response = await layer(
    requestWithId(),
    () => Promise.resolve(undefined as never),
  );

  assertEquals(response.status, 500);
  assertIsError(reported[0], TypeError, "what is below errors()");
});

async function pass(_request: Request, next: Next): Promise<Response> {
  return await next();
}

async function touch(_request: Request, next: Next): Promise<Response> {
  const response = await next();
  response.headers.set("X-A", "a");
  return response;
}

async function forgetful(_request: Request, next: Next): Promise<Response> {
  await next();
  return undefined as never;
}

Deno.test("errors() rejects with what the report throws, so that a test can see it", async () => {
  const serve = compose([
    errors({
      report(error): void {
        throw error;
      },
    }),
  ], () => {
    throw new RangeError("no");
  });

  await assertRejects(() => serve(requestWithId()), RangeError, "no");
});

Deno.test("errors() keeps requests apart that fail at the same time", async () => {
  const serve = compose([errors({ report: () => {} })], async () => {
    await Promise.resolve();
    throw new Error("no");
  });

  const responses = await Promise.all(
    ["a", "b"].map((id) => serve(requestWithId(id))),
  );

  const bodies = await Promise.all(responses.map((each) => each.json()));
  assertEquals(bodies.map(({ requestId }) => requestId), ["a", "b"]);
});

function requestWithId(id = "abc"): Request {
  const request = new Request("http://localhost/");
  requestState(request).id = id;
  return request;
}
