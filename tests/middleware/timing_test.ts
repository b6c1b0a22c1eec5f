import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { stub } from "@std/testing/mock";
import { requestState } from "../../http/request_state.ts";
import { compose, type Handler } from "../../middleware/compose.ts";
import { timing } from "../../middleware/timing.ts";

const TIMES: [start: number, end: number, elapsed: string][] = [
  [0, 0, "0.00"],
  [100, 102.734, "2.73"],
  [0, 0.004, "0.00"],
  [0, 0.006, "0.01"],
  [5, 65_005, "65000.00"],
];

for (const [start, end, elapsed] of TIMES) {
  Deno.test(`timing() reports ${elapsed} ms from ${start} to ${end}`, async () => {
    const response = await serve(() => new Response(), [start, end]);

    assertEquals(response.headers.get("X-Process-Time"), `${elapsed}ms`);
    assertEquals(response.headers.get("Server-Timing"), `total;dur=${elapsed}`);
  });
}

Deno.test("timing() sets the duration in the request state", async () => {
  const request = new Request("http://localhost/");

  await serve(() => new Response(), [100, 102.734], request);

  assertEquals(requestState(request).durationMs, 2.73);
});

Deno.test("timing() appends to Server-Timing of a route, and replaces X-Process-Time", async () => {
  const headers = { "Server-Timing": "db;dur=1", "X-Process-Time": "9ms" };

  const response = await serve(() => new Response(null, { headers }));

  assertEquals(
    response.headers.get("Server-Timing"),
    "db;dur=1, total;dur=1.00",
  );
  assertEquals(response.headers.get("X-Process-Time"), "1.00ms");
});

Deno.test("timing() sets its headers once on an immutable response", async () => {
  const response = await serve(() => Response.redirect("http://localhost/a"));

  assertEquals(response.status, 302);
  assertEquals(response.headers.get("Server-Timing"), "total;dur=1.00");
});

Deno.test("timing() stops when the response starts, not when its body ends", async () => {
  const { readable, writable } = new TransformStream();

  const response = await serve(() => new Response(readable));

  assertEquals(response.headers.get("X-Process-Time"), "1.00ms");
  await Promise.all([writable.close(), response.text()]);
});

Deno.test("timing() uses a real clock", async () => {
  const response = await compose([timing()], () => new Response())(
    new Request("http://localhost/"),
  );

  assertMatch(response.headers.get("X-Process-Time") ?? "", /^\d+\.\d\dms$/);
});

Deno.test("timing() passes errors through", async () => {
  await assertRejects(
    () => serve(() => Promise.reject(new RangeError("no"))),
    RangeError,
    "no",
  );
});

/** Serves a request while the clock shows each of `ticks` once. */
async function serve(
  handler: Handler,
  ticks = [0, 1],
  request = new Request("http://localhost/"),
): Promise<Response> {
  using _clock = stub(performance, "now", () => ticks.shift()!);
  return await compose([timing()], handler)(request);
}
