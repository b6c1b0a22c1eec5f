import { assert, assertEquals, assertRejects } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { Problem } from "../../http/problem.ts";
import { healthRoutes } from "../../routes/health.ts";
import { router } from "../../routes/router.ts";

const CAUSE = new Error("the disk is on fire");

/** The state of the server, the response of a path, and how often it reads the store. */
const RESPONSES: [
  path: string,
  is: { stopping?: boolean; broken?: boolean },
  expected: string,
  pings: number,
][] = [
  ["/healthz", {}, "ok", 0],
  ["/healthz", { broken: true }, "ok", 0],
  ["/healthz", { stopping: true }, "ok", 0],
  ["/readyz", {}, "ok", 1],
  ["/readyz", { broken: true }, "the store does not respond", 1],
  ["/readyz", { stopping: true }, "the server is shutting down", 0],
  [
    "/readyz",
    { stopping: true, broken: true },
    "the server is shutting down",
    0,
  ],
];

for (const [path, { stopping, broken }, expected, pings] of RESPONSES) {
  const when = `${stopping ? "stopping " : ""}${broken ? "broken" : ""}`.trim();

  Deno.test(`GET ${path} responds with "${expected}" when ${when || "all is well"}`, async () => {
    const ping = spy(() => broken ? Promise.reject(CAUSE) : Promise.resolve());
    const signal = stopping
      ? AbortSignal.abort()
      : new AbortController().signal;
    const serve = router(healthRoutes(ping, signal));

    const serving = serve(new Request(`http://localhost${path}`));

    if (expected === "ok") {
      const response = await serving;
      assertEquals(response.headers.get("Cache-Control"), "no-store");
      assertEquals(await response.json(), { status: "ok" });
    } else {
      const problem = await assertRejects(() => serving, Problem, expected);
      assertEquals(problem.status, 503);
      assertEquals(problem.headers, {
        "Retry-After": "1",
        "Cache-Control": "no-store",
      });
    }
    assertSpyCalls(ping, pings);
  });
}

Deno.test("GET /readyz responds with 503 from the moment that shutdown begins", async () => {
  const stop = new AbortController();
  const serve = router(healthRoutes(() => Promise.resolve(), stop.signal));
  const request = new Request("http://localhost/readyz");

  assertEquals((await serve(request)).status, 200);
  stop.abort();
  await assertRejects(() => serve(request), Problem, "shutting down");
});

Deno.test("GET /readyz keeps the cause for the log, and from the client", async () => {
  const { signal } = new AbortController();
  const serve = router(healthRoutes(() => Promise.reject(CAUSE), signal));

  const problem = await assertRejects(
    () => serve(new Request("http://localhost/readyz")),
    Problem,
  );

  assertEquals(problem.cause, CAUSE);
  assert(!(await problem.toResponse("").text()).includes("fire"));
});
