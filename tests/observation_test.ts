/** The log line and the response of a request that failed. */

import { assert, assertEquals, assertMatch, assertNotMatch } from "@std/assert";
import { stub } from "@std/testing/mock";
import { createLog } from "../server/log.ts";
import { createApp } from "../main.ts";

const PATH = "/tasks/01ARYZ6S41TSV4RRFFQ69G5FAV";
const FORMATS = ["json", "text"] as const;

/** Sends a request to the app, whose store fails with `thrown`. */
async function exchange(
  thrown: unknown,
  request: Request,
  format: "json" | "text" = "json",
): Promise<{ response: Response; body: string; lines: string[] }> {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const kv = await Deno.openKv(":memory:");
  using _opens = stub(Deno, "openKv", () => Promise.resolve(kv));
  await using app = await createApp({
    log: createLog({ level: "info", format, write }),
  });
  using _fails = stub(kv, "get", () => Promise.reject(thrown));

  const response = await app.fetch(request);
  return { response, body: await response.text(), lines };
}

function get(headers: Record<string, string> = {}, path = PATH): Request {
  return new Request(`http://localhost${path}`, { headers });
}

Deno.test("an unexpected error is logged once, with its causes and the request id, and not shown", async () => {
  const cause = new SyntaxError("the innermost secret");
  const thrown = new RangeError("a secret", {
    cause: new EvalError("an inner secret", { cause }),
  });

  const { response, body, lines } = await exchange(
    thrown,
    get({ "X-Request-Id": "abc-1", "Accept": "*/*" }),
  );

  assertEquals(response.status, 500);
  assertEquals(JSON.parse(body).requestId, "abc-1");
  const shown = body + JSON.stringify([...response.headers]);
  assertNotMatch(shown, /secret|Error|\.ts|file:/);
  const [error, access, ...others] = lines.map((line) => JSON.parse(line));
  assertEquals(others, []);
  assertEquals([error.level, error.msg], ["error", "unexpected error"]);
  assertEquals([error.requestId, error.route], ["abc-1", "/tasks/:id"]);
  assertMatch(
    error.error,
    /^RangeError: a secret\n {4}at [^]*\[cause\]: EvalError: an inner secret[^]*\[cause\]: SyntaxError: the innermost secret/,
  );
  assertEquals([access.level, access.msg], ["error", "request"]);
  assertEquals([access.requestId, access.status], ["abc-1", 500]);
  assertNotMatch(lines[1]!, /secret/);
});

Deno.test("an outage of the store is one short line, with its cause and without a stack", async () => {
  const thrown = new TypeError("database or disk is full", {
    cause: new EvalError("an inner secret"),
  });

  const { response, body, lines } = await exchange(
    thrown,
    get({ "X-Request-Id": "abc-1" }),
  );

  assertEquals(response.status, 503);
  assertNotMatch(body, /disk|StoreError/);
  const [outage, access, ...others] = lines.map((line) => JSON.parse(line));
  assertEquals(others, []);
  delete outage.time;
  assertEquals(outage, {
    level: "warn",
    msg: "Cannot reach the store",
    requestId: "abc-1",
    route: "/tasks/:id",
    cause:
      "StoreError: Cannot use the store: the database failed: TypeError: database or disk is full",
  });
  assertEquals([access.level, access.status], ["error", 503]);
  assert(lines.join("").length < 600, `${lines.join("").length} characters`);
});

Deno.test("an outage of the store is one short line where it is not ready, too", async () => {
  const { response, lines } = await exchange(
    new TypeError("disk I/O error"),
    get({}, "/readyz"),
  );

  assertEquals(response.status, 503);
  const [outage] = lines.map((line) => JSON.parse(line));
  assertEquals([outage.level, outage.msg, outage.cause], [
    "warn",
    "Cannot take requests: the store does not respond",
    "StoreError: Cannot use the store: the database failed: TypeError: disk I/O error",
  ]);
});

const OUTAGES: Record<string, Error> = {
  "with a long message": new Error("x".repeat(1_000_000)),
  "that is its own cause": (() => {
    const error = new Error("again");
    return Object.assign(error, { cause: error });
  })(),
};

for (const [what, error] of Object.entries(OUTAGES)) {
  Deno.test(`an outage by an error ${what} takes one line of bounded size`, async () => {
    const { response, lines } = await exchange(error, get());

    assertEquals([response.status, lines.length], [503, 2]);
    assert(lines[0]!.length < 1_500, `${lines[0]!.length} characters`);
  });
}

Deno.test("a refusal is no error", async () => {
  const { response, lines } = await exchange(
    new Error(),
    get({ "Last-Event-ID": "junk" }, "/tasks/events"),
  );

  assertEquals(response.status, 400);
  assertEquals(lines.map((line) => JSON.parse(line).level), ["info"]);
});

const UNWIELDY: Record<string, () => unknown> = {
  "with a long message": () => new RangeError("x".repeat(1_000_000)),
  "with a message of control characters": () =>
    new RangeError("\u0007".repeat(1_000_000)),
  "with much in it": () =>
    Object.assign(new RangeError(), {
      rows: Array(1000).fill("x".repeat(1e4)),
    }),
  "with a hundred causes": () =>
    Array(100).fill("x".repeat(1000)).reduce(
      (cause, message) => new RangeError(message, { cause }),
      undefined,
    ),
  "that is its own cause": () => {
    const error = new RangeError();
    return Object.assign(error, { cause: error });
  },
  "that is undefined": () => undefined,
  "that is a string of many lines": () => "x\n".repeat(1_000_000),
  "that throws when it is shown": () => ({
    [Symbol.for("Deno.customInspect")](): never {
      throw new Error("no");
    },
  }),
};

for (const [what, make] of Object.entries(UNWIELDY)) {
  Deno.test(`an error ${what} takes one line of bounded size`, async () => {
    for (const format of FORMATS) {
      const { response, lines } = await exchange(make(), get(), format);

      assertEquals([response.status, lines.length], [500, 2]);
      for (const line of lines) {
        // Each of 8,000 characters may be escaped, as six.
        assert(line.length < 50_000, `${line.length} characters`);
        assertMatch(line, /^[^\p{Cc}]+\n$/u);
      }
    }
  });
}

Deno.test("a long message does not crowd out the cause", async () => {
  const { lines } = await exchange(
    new RangeError("x".repeat(1_000_000), { cause: new EvalError("why") }),
    get(),
  );

  assertMatch(lines[0]!, /EvalError: why/);
});

/** What a client may send to forge a line. */
const FORGERIES: Record<string, () => Request> = {
  "a path": () => get({}, '/tasks/\u202e%0a%0d{"level":"error"}\u2028'),
  "a long path": () => get({}, `/${"x".repeat(60_000)}`),
  "an id": () => get({ "X-Request-Id": '1 level=error msg="forged"' }),
  "a long id": () => get({ "X-Request-Id": "x".repeat(60_000) }),
  "an origin": () => get({ "Origin": 'https://"level":"error"' }),
  "a trace": () => get({ "traceparent": "00-\u0085-forged" }),
  "a method": () =>
    new Request(`http://localhost${PATH}`, { method: "X".repeat(60_000) }),
};

for (const [what, make] of Object.entries(FORGERIES)) {
  Deno.test(`${what} cannot forge a line of the log, nor make it long`, async () => {
    for (const format of FORMATS) {
      const { lines } = await exchange(new TypeError("disk"), make(), format);

      for (const line of lines) {
        assertMatch(line, /^[^\p{Cc}\p{Bidi_C}\u2028]+\n$/u);
        assertNotMatch(line, /forged/);
        assert(line.length < 10_000, `${line.length} characters`);
      }
      const access = lines.at(-1)!;
      assert(access.length < 1_200, `${access.length} characters`);
      if (format === "json") {
        assertEquals(JSON.parse(access).msg, "request");
      }
    }
  });
}
