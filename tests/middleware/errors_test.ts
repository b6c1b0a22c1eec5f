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
  title: "Internal server error",
  status: 500,
  detail: "The server failed to handle this request",
  requestId: "abc",
};

/** Values that JavaScript can throw, none of which may reach a client. */
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
  Deno.test(`errors() reports ${name}, and sends the request id only`, async () => {
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

/** A problem is a response. From status 500 on it is reported, too. */
const PROBLEMS: [type: ProblemName, reports: number][] = [
  ["not-found", 0],
  ["request-timeout", 0],
  ["too-many-requests", 0],
  ["unavailable", 1],
  ["deadline-passed", 1],
];

for (const [type, reports] of PROBLEMS) {
  Deno.test(`errors() sends "${type}" as it is, and reports it ${reports} times`, async () => {
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

Deno.test("errors() passes a response through", async () => {
  const response = new Response("hello", { status: 500 });

  const served = await compose([errors({ report: spy() })], () => response)(
    requestWithId(),
  );

  assertStrictEquals(served, response);
});

const FORGETFUL: [name: string, layers: Middleware[], handler: Handler][] = [
  ['layer "forgetful"', [forgetful], () => new Response()],
  ['layer "forgetful"', [pass, forgetful, pass], () => new Response()],
  ['layer "forgetful"', [touch, forgetful, pass], () => new Response()],
  ["the handler", [pass], () => undefined as never],
];

for (const [name, layers, handler] of FORGETFUL) {
  Deno.test(`errors() sends a 500 if ${name} returns no response, ${layers.length} layers below`, async () => {
    const reported: unknown[] = [];
    const report = (error: unknown): void => void reported.push(error);

    const response = await compose(
      [pass, errors({ report }), ...layers],
      handler,
    )(requestWithId());

    assertEquals(await response.json(), INTERNAL);
    assertEquals(reported.length, 1);
    assertIsError(
      reported[0],
      TypeError,
      `Expected a Response from ${name}, got undefined`,
    );
  });
}

Deno.test("errors() sends a 500 if there is no response, where compose() does not check", async () => {
  const reported: unknown[] = [];
  const layer = errors({ report: (error) => reported.push(error) });
  const serve = compose([layer], () => undefined as never, { checked: false });

  const response = await serve(requestWithId());

  assertEquals(response.status, 500);
  assertIsError(
    reported[0],
    TypeError,
    "Expected a Response from the layers below errors()",
  );
});

for (const constant of [Response.json("hello"), new Response(null)]) {
  const { status, body } = constant;
  Deno.test(`errors() sends a 500 for a constant with ${body ? "a body" : "no body"}, from the second request on`, async () => {
    const reported: unknown[] = [];
    const layer = errors({ report: (error) => reported.push(error) });
    const serve = compose([stamp, layer], (request) => {
      requestState(request).route = "/hello";
      return constant;
    });

    const first = await serve(requestWithId("one"));
    const second = await serve(requestWithId());

    assertEquals(first.status, status);
    assertEquals(first.headers.get("X-Stamp"), "a");
    assertEquals(await second.json(), INTERNAL);
    assertIsError(
      reported[0],
      TypeError,
      'Expected a new Response for each request: "/hello" returned one twice',
    );
  });
}

Deno.test("errors() passes a response on to another errors() around it", async () => {
  const layer = errors({ report: spy() });
  const response = new Response("hello");

  const served = await compose([layer, layer], () => response)(requestWithId());

  assertStrictEquals(served, response);
});

async function stamp(_request: Request, next: Next): Promise<Response> {
  const response = await next();
  response.headers.append("X-Stamp", "a");
  return response;
}

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

Deno.test("errors() rejects with an error of the report, so that tests see it", async () => {
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

Deno.test("errors() keeps concurrent requests apart", async () => {
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
