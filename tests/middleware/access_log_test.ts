import { assertEquals, assertRejects } from "@std/assert";
import type { LogFields } from "../../server/log.ts";
import { type RequestState, requestState } from "../../http/request_state.ts";
import { accessLog } from "../../middleware/access_log.ts";
import { compose, type Handler } from "../../middleware/compose.ts";

type Line = LogFields & { level: string };

const PLAIN = {
  level: "info",
  message: "request",
  requestId: undefined,
  client: undefined,
  method: "GET",
  path: "/ping",
  route: undefined,
  status: 200,
  durationMs: undefined,
  cors: undefined,
  corsReason: undefined,
};

const STATES: [name: string, known: Partial<RequestState>, line: LogFields][] =
  [
    ["no field without a value", {}, {}],
    ["the request id", { id: "abc" }, { requestId: "abc" }],
    ["the client", { client: "192.0.2.1" }, { client: "192.0.2.1" }],
    ["the route", { route: "/tasks/:id" }, { route: "/tasks/:id" }],
    ["the duration", { durationMs: 2.73 }, { durationMs: 2.73 }],
    ["the CORS verdict", { cors: "refused" }, { cors: "refused" }],
    ["why", { corsReason: "method PUT" }, { corsReason: "method PUT" }],
    ["a quiet route at debug", { route: "/healthz" }, {
      route: "/healthz",
      level: "debug",
    }],
  ];

for (const [name, known, line] of STATES) {
  Deno.test(`accessLog() logs ${name}`, async () => {
    const lines = await logged((request) => {
      Object.assign(requestState(request), known);
      return new Response();
    });

    assertEquals(lines, [{ ...PLAIN, ...line }]);
  });
}

const STATUSES: [status: number, route: string, level: string][] = [
  [200, "/ping", "info"],
  [304, "/ping", "info"],
  [404, "", "info"],
  [499, "/ping", "info"],
  [500, "/ping", "error"],
  [503, "/healthz", "error"],
  [404, "/healthz", "debug"],
];

for (const [status, route, level] of STATUSES) {
  Deno.test(`accessLog() logs a ${status} of "${route}" at ${level}`, async () => {
    const lines = await logged((request) => {
      requestState(request).route = route;
      return new Response(null, { status });
    });

    assertEquals(lines.map((line) => [line.status, line.level]), [
      [status, level],
    ]);
  });
}

const PATHS: [url: string, path: string][] = [
  ["http://localhost/tasks?token=secret", "/tasks"],
  ["http://user:secret@localhost/tasks", "/tasks"],
  ["http://localhost/a%0Ab", "/a%0Ab"],
  [`http://localhost/${"a".repeat(60_000)}`, `/${"a".repeat(255)}`],
];

for (const [url, path] of PATHS) {
  Deno.test(`accessLog() logs the path ${path.slice(0, 20)} of ${url.slice(0, 40)}`, async () => {
    // Deno.serve passes credentials in the URL; the constructor rejects them.
    const request = Object.defineProperty(
      new Request("http://localhost/"),
      "url",
      { value: url },
    );

    const [line] = await logged(() => new Response(), { request });

    assertEquals(line?.path, path);
  });
}

Deno.test("accessLog() logs only the beginning of a method", async () => {
  const request = new Request("http://localhost/", { method: "M".repeat(999) });

  const [line] = await logged(() => new Response(), { request });

  assertEquals(line?.method, "M".repeat(256));
});

Deno.test("accessLog() returns the response of the layers below", async () => {
  const response = Response.error();
  const serve = compose([accessLog({ log: () => {} })], () => response);

  assertEquals(await serve(new Request("http://localhost/")), response);
});

Deno.test("accessLog() passes errors through, and logs nothing", async () => {
  const lines: Line[] = [];

  await assertRejects(
    () =>
      logged(() => {
        throw new RangeError("no");
      }, { lines }),
    RangeError,
    "no",
  );

  assertEquals(lines, []);
});

interface LoggedOptions {
  request?: Request;
  lines?: Line[];
}

/** Serves a request, and returns the lines of the log. */
async function logged(
  handler: Handler,
  options: LoggedOptions = {},
): Promise<Line[]> {
  const { request = new Request("http://localhost/ping"), lines = [] } =
    options;
  const layer = accessLog({
    log: (level, message, fields) => lines.push({ ...fields, level, message }),
    quiet: ["/healthz"],
  });
  await compose([layer], handler)(request);
  return lines;
}
