import { assert, assertEquals, assertGreater } from "@std/assert";
import { readPrecondition } from "../../../http/etag.ts";
import { readIdempotencyKey } from "../../../http/idempotency_key.ts";
import { Problem } from "../../../http/problem.ts";
import {
  COMPONENTS,
  type ParameterName,
} from "../../../routes/docs/components.ts";
import { eventStreams } from "../../../routes/resource/event_stream.ts";
import { fits } from "../../json_schema.ts";

/** A request header: who reads it, and what values of it are made of. */
interface Header {
  name: string;
  parameter: ParameterName;
  read: (request: Request) => unknown;
  parts: readonly string[];
}

const TAG_PARTS = ['"', '"a"', "W/", ",", " ", "\t", "*", "é", "\x7f", "w/"];
const LONG = "a".repeat(254);
const ESCAPES = ["\\\\".repeat(127), "\\\\".repeat(128)];
const HEX = "0123456789abcdef0123";

const HEADERS: Header[] = [
  {
    name: "Idempotency-Key",
    parameter: "IdempotencyKey",
    read: readIdempotencyKey,
    parts: ['"', "a", "\\", '\\"', ",", " ", "é", "\x7f", LONG, ...ESCAPES],
  },
  {
    name: "If-Match",
    parameter: "IfMatch",
    read: (request) => readPrecondition(request, "If-Match"),
    parts: TAG_PARTS,
  },
  {
    name: "If-None-Match",
    parameter: "IfNoneMatch",
    read: (request) => readPrecondition(request, "If-None-Match"),
    parts: TAG_PARTS,
  },
  {
    name: "Last-Event-ID",
    parameter: "LastEventId",
    read: readEvents,
    parts: [HEX, HEX, "0", "f", "A", "g", " "],
  },
];

for (const { name, parameter, read, parts } of HEADERS) {
  Deno.test(`the schema of ${name} accepts what its parser accepts`, async () => {
    const { schema } = COMPONENTS["parameters"]![parameter] as {
      schema: never;
    };
    const taken = { true: 0, false: 0 };

    for (const value of valuesOf(parts)) {
      const headers = { [name]: value };
      const request = new Request("http://localhost/", {
        method: "HEAD",
        headers,
      });
      const sent = request.headers.get(name)!;
      const parsed = await isTaken(() => read(request));
      assertEquals(fits({}, schema, sent), parsed, JSON.stringify(sent));
      taken[`${parsed}`]++;
    }

    assertGreater(taken.true, 3);
    assertGreater(taken.false, 3);
  });
}

/** Every row of up to four parts. */
function* valuesOf(parts: readonly string[], most = 4): Generator<string> {
  yield "";
  if (most === 0) return;
  for (const rest of valuesOf(parts, most - 1)) {
    for (const part of parts) yield part + rest;
  }
}

/** A HEAD request opens no stream, so the collection is not called. */
function readEvents(request: Request): unknown {
  const stopping = new AbortController().signal;
  return eventStreams({} as never, { stopping })(request);
}

async function isTaken(read: () => unknown): Promise<boolean> {
  try {
    await read();
    return true;
  } catch (error) {
    assert(error instanceof Problem, String(error));
    return false;
  }
}

Deno.test("COMPONENTS has no example that a first request would fail with", () => {
  const parameters = JSON.stringify(COMPONENTS["parameters"]);

  assert(!parameters.includes("example"));
});

Deno.test("COMPONENTS distinguishes headers that every response has from others", () => {
  const optional = Object.entries(COMPONENTS["headers"]!)
    .filter(([, header]) => !(header as { required: boolean }).required)
    .map(([name]) => name);

  assertEquals(optional.sort(), [
    "Accept-Encoding",
    "Accept-Patch",
    "Accept-Post",
    "Content-Security-Policy",
    "Link",
    "RateLimit",
    "RateLimit-Policy",
    "Referrer-Policy",
    "Vary",
    "X-Content-Type-Options",
  ]);
});
