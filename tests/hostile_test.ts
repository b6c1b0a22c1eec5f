import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Config } from "../server/config.ts";
import { type App, createApp } from "../main.ts";
import type { LogLine } from "./app.ts";

/** Parts of a request, as they go over the wire. */
type Wire = Iterable<string | Uint8Array<ArrayBuffer>>;

/** The whole API behind a real socket of this process. */
class Server implements AsyncDisposable {
  readonly log: LogLine[];
  readonly #app: App;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  readonly #arrived = Promise.withResolvers<void>();

  private constructor(app: App, log: LogLine[]) {
    this.#app = app;
    this.log = log;
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request, info) => {
        this.#arrived.resolve();
        return app.fetch(request, info);
      },
    );
  }

  /** Resolves when the app gets its first request. */
  get arrived(): Promise<void> {
    return this.#arrived.promise;
  }

  static async open(
    config: Partial<Config> = {},
    onLine: (line: LogLine) => void = () => {},
  ): Promise<Server> {
    const log: LogLine[] = [];
    const app = await createApp({
      config,
      log: (level, message, fields) => {
        const line = { level, message, ...fields };
        log.push(line);
        onLine(line);
      },
    });
    return new Server(app, log);
  }

  connect(): Promise<Deno.TcpConn> {
    const { hostname, port } = this.#server.addr;
    return Deno.connect({ hostname, port });
  }

  /** Sends bytes, and reads until a response is whole or the connection ends. */
  async send(wire: Wire, toTheEnd = false): Promise<string> {
    const conn = await this.connect();
    const writing = writeAll(conn, wire);
    let text = "";
    try {
      const buffer = new Uint8Array(65_536);
      while (toTheEnd || !isWhole(text)) {
        const length = await conn.read(buffer);
        if (length === null) break;
        text += LATIN_1.decode(buffer.subarray(0, length));
      }
    } catch (error) {
      // The server reads no further, and says so by a reset.
      if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
    }
    conn.close();
    await writing;
    return text;
  }

  /** Everything in the store. Asking is not logged. */
  async tasks(): Promise<string> {
    const { length } = this.log;
    const request = new Request("http://localhost/tasks?limit=100", {
      headers: { "Authorization": `Bearer ${TOKEN}` },
    });
    const text = await (await this.#app.fetch(request)).text();
    this.log.length = length;
    return text;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
    await this.#app[Symbol.asyncDispose]();
  }
}

const TOKEN = "x";
const TOKEN_HASH =
  "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";

const LATIN_1 = new TextDecoder("latin1");
const UTF_8 = new TextEncoder();

async function writeAll(conn: Deno.TcpConn, wire: Wire): Promise<void> {
  try {
    for (const part of wire) {
      let bytes = typeof part === "string" ? UTF_8.encode(part) : part;
      while (bytes.length > 0) bytes = bytes.subarray(await conn.write(bytes));
    }
  } catch {
    // The other side, or this one, has heard enough.
  }
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return false;
  const [, length = "0"] =
    /^content-length: (\d+)/im.exec(text.slice(0, end)) ?? [];
  return text.length >= end + 4 + Number(length);
}

/** Describes a response: its status, and the type of its problem if it is one. */
function verdictOf(text: string): string {
  const [, status = "closed"] = /^HTTP\/1\.[01] (\d{3}) /.exec(text) ?? [];
  const end = text.indexOf("\r\n\r\n");
  if (!/^content-type: application\/problem\+json\r$/im.test(text)) {
    return status;
  }
  const problem = JSON.parse(text.slice(end + 4));
  const [, id] = /^x-request-id: (.+)\r$/im.exec(text) ?? [];
  assertEquals([String(problem.status), problem.requestId], [status, id]);
  return `${status}${problem.type.replace("/problems/", " ")}`;
}

const JSON_TYPE = "Content-Type: application/json";

function head(start: string, ...headers: string[]): string {
  return `${
    [`${start} HTTP/1.1`, "Host: localhost", ...headers].join("\r\n")
  }\r\n\r\n`;
}

function post(body: string | Uint8Array<ArrayBuffer>, ...more: string[]): Wire {
  const { length } = typeof body === "string" ? UTF_8.encode(body) : body;
  const headers = [JSON_TYPE, ...more];
  return [head("POST /tasks", ...headers, `Content-Length: ${length}`), body];
}

function chunked(...chunks: string[]): Wire {
  return [
    head("POST /tasks", JSON_TYPE, "Transfer-Encoding: chunked"),
    ...chunks,
  ];
}

function* endless(): Wire {
  yield* chunked();
  const chunk = UTF_8.encode(`4000\r\n${" ".repeat(0x4000)}\r\n`);
  for (;;) yield chunk;
}

const get = (target: string, ...headers: string[]): Wire => [
  head(`GET ${target}`, ...headers),
];

// Two hundred together

const TEN_MEGABYTES = new Uint8Array(10_000_000).fill(0x20);

const MIX: [wire: () => Wire, verdict: string][] = [
  [() => post('{"title":'), "400 invalid-json"],
  [() => post('{"title":1,"done":"no","dueOn":[]}'), "422 invalid-body"],
  [() => post('{"title":"\\ud800"}'), "422 invalid-body"],
  [() => post('{"title":"a","__proto__":{"done":1}}'), "422 invalid-body"],
  [() => post(TEN_MEGABYTES), "413 body-too-large"],
  [() => endless(), "413 body-too-large"],
  [() => get("/tasks/%zz"), "400 invalid-path"],
  [() => post(`{"title":"${"x".repeat(5000)}"}`), "422 invalid-body"],
];

Deno.test("two hundred hostile requests at the same time each get the right response and one line in the log", async () => {
  await using server = await Server.open();
  await server.send(post('{"title":"Write"}'));
  const before = await server.tasks();
  server.log.length = 0;

  const verdicts = await Promise.all(
    Array.from({ length: 25 }, () => MIX).flat().map(async ([wire]) =>
      verdictOf(await server.send(wire()))
    ),
  );

  const expected = Array.from({ length: 25 }, () => MIX).flat();
  assertEquals(verdicts, expected.map(([, verdict]) => verdict));
  assertEquals(
    server.log.map(({ level, message }) => `${level} ${message}`),
    Array(200).fill("info request"),
  );
  assertEquals(
    server.log.map(({ status }) => String(status)).sort(),
    verdicts.map((verdict) => verdict.slice(0, 3)).sort(),
  );
  assertEquals(await server.tasks(), before);
  assertEquals(({} as Record<string, unknown>)["done"], undefined);
});

// One by one

/** Deno itself rejects it: the request never gets to the app. */
const REFUSED = "refused by Deno";

const BODY = '{"title":"x"}';
const LENGTH = "Content-Length: 13";
const CHUNKED = "Transfer-Encoding: chunked";
const CHUNKS = `d\r\n${BODY}\r\n0\r\n\r\n`;
const SMUGGLED = "DELETE TASK HTTP/1.1\r\nHost: localhost\r\n\r\n";

function smuggle(...headers: string[]): Wire {
  return [head("POST /tasks", JSON_TYPE, ...headers), CHUNKS, SMUGGLED];
}

const deep = (levels: number): string =>
  "[".repeat(levels) + "]".repeat(levels);

const LARGE = { bodyLimit: 2 ** 20 };

/** TASK stands for the path of a task that must be there afterwards. */
const HOSTILE: [
  name: string,
  wire: Wire,
  verdict: string,
  config?: Partial<Config>,
][] = [
  // Where one request ends and another begins (RFC 9112, 6 and 11.2)
  ["a length and chunks", smuggle("Content-Length: 4", CHUNKED), REFUSED],
  ["chunks and a length", smuggle(CHUNKED, "Content-Length: 4"), REFUSED],
  ["two lengths", smuggle(LENGTH, "Content-Length: 14"), REFUSED],
  ["a list of lengths", smuggle("Content-Length: 13, 13"), REFUSED],
  ["a signed length", smuggle("Content-Length: +13"), REFUSED],
  ["a negative length", smuggle("Content-Length: -1"), REFUSED],
  ["a hexadecimal length", smuggle("Content-Length: 0xd"), REFUSED],
  [
    "a length beyond numbers",
    smuggle(`Content-Length: ${"9".repeat(30)}`),
    REFUSED,
  ],
  ["an unknown coding", smuggle("Transfer-Encoding: xchunked"), REFUSED],
  ["chunks that are not last", smuggle(`${CHUNKED}, identity`), REFUSED],
  ["chunks twice", smuggle(`${CHUNKED}, chunked`), REFUSED],
  ["a space before the colon", smuggle("Transfer-Encoding : chunked"), REFUSED],
  ["a folded header", smuggle("Transfer-Encoding:\r\n chunked"), REFUSED],
  ["chunks in HTTP/1.0", [
    `POST /tasks HTTP/1.0\r\n${JSON_TYPE}\r\n${CHUNKED}\r\n\r\n${CHUNKS}`,
  ], REFUSED],
  ["a chunk of no length", chunked("zz\r\n", CHUNKS), REFUSED],
  ["a chunk beyond numbers", chunked(`${"f".repeat(17)}\r\n`), REFUSED],
  ["a chunk longer than it says", chunked(`d\r\n${BODY}XX\r\n`), REFUSED],

  // Bombs
  ["1,000 headers", get("/ping", ...Array(1000).fill("X-A: b")), REFUSED],
  ["a header of 1 MB", get("/ping", `X-A: ${"b".repeat(1e6)}`), REFUSED],
  ["a path of 100 kB", get(`/${"a".repeat(100_000)}`), REFUSED],
  ["a path of 8 kB", get(`/${"/a".repeat(4000)}`), "404 not-found"],
  [
    "a method of 8 kB",
    [head(`${"A".repeat(8000)} /tasks`)],
    "405 method-not-allowed",
  ],
  ["5,000 parameters", get(`/tasks?${"a&".repeat(5000)}`), "422 invalid-query"],
  [
    "5,000 names",
    get(
      `/tasks?${Array.from({ length: 5000 }, (_, index) => index).join("&")}`,
    ),
    "422 invalid-query",
  ],
  [
    "60,000 commas in If-None-Match",
    get("TASK", `If-None-Match: ${",".repeat(60_000)}`),
    "400 invalid-header",
  ],
  [
    "20,000 half tags",
    get("TASK", `If-None-Match: ${'W/"'.repeat(20_000)}`),
    "400 invalid-header",
  ],
  [
    "60,000 backslashes in a key",
    post(BODY, `Idempotency-Key: "${"\\".repeat(60_000)}`),
    "400 invalid-header",
  ],
  [
    "60,000 commas in a preflight",
    [
      head(
        "OPTIONS /tasks",
        "Origin: https://example.com",
        "Access-Control-Request-Method: PATCH",
        `Access-Control-Request-Headers: ${",".repeat(60_000)}`,
      ),
    ],
    "403",
    { allowedOrigins: ["https://example.com"] },
  ],
  [
    "60,000 spaces in Authorization",
    get("/tasks", `Authorization: Bearer ${" ".repeat(60_000)}!`),
    "401 unauthorized",
    { apiTokens: [TOKEN_HASH] },
  ],

  // Bodies
  ["30,000 lists in lists", post(deep(30_000)), "400 invalid-json"],
  ["100,000 lists in lists", post(deep(100_000)), "400 invalid-json", LARGE],
  [
    "100,000 lists in a title",
    post(`{"title":${deep(100_000)}}`),
    "400 invalid-json",
    LARGE,
  ],
  [
    "100,000 objects in objects",
    post('{"a":'.repeat(100_000) + "1" + "}".repeat(100_000)),
    "400 invalid-json",
    LARGE,
  ],
  [
    "60,000 lists that do not end",
    post("[".repeat(60_000)),
    "400 invalid-json",
  ],
  [
    "5,000 unknown members",
    post(
      JSON.stringify(
        Object.fromEntries(
          Array.from({ length: 5000 }, (_, index) => [`m${index}`, 0]),
        ),
      ),
    ),
    "422 invalid-body",
  ],
  [
    "a member name of 60 kB",
    post(`{"${"a".repeat(60_000)}":1}`),
    "422 invalid-body",
  ],
  ["a number beyond numbers", post('{"title":1e999999}'), "422 invalid-body"],
  [
    "a number of 60,000 digits",
    post(`{"title":${"9".repeat(60_000)}}`),
    "422 invalid-body",
  ],
  // RFC 8259, 4 lets a reader choose. ECMAScript takes the last one, which is
  // then the one that is checked: here the wrong one.
  ["a member twice", post('{"title":"a","title":""}'), "422 invalid-body"],
  ["NUL in a title", post('{"title":"a\\u0000"}'), "422 invalid-body"],
  ["a NUL as it is", post('{"title":"a\0"}'), "400 invalid-json"],
  [
    "a body in UTF-16",
    post(new Uint8Array([0xff, 0xfe, 0x7b, 0, 0x7d, 0])),
    "400 invalid-json",
  ],
  [
    "a surrogate in UTF-8",
    post(new Uint8Array([0x22, 0xed, 0xa0, 0x80, 0x22])),
    "400 invalid-json",
  ],
  [
    "another charset",
    post(BODY, "Content-Type: application/json; charset=utf-16"),
    "415 unsupported-media-type",
  ],
  [
    "a compressed body",
    post(new Uint8Array([0x1f, 0x8b, 8, 0]), "Content-Encoding: gzip"),
    "415 unsupported-media-type",
  ],
  [
    "a compressed body that does not say so",
    post(new Uint8Array([0x1f, 0x8b, 8, 0])),
    "400 invalid-json",
  ],
  ["chunks of another type, without end", [
    head("POST /tasks", "Content-Type: text/plain", CHUNKED),
    "5\r\n",
  ], "415 unsupported-media-type"],
  ["a body that is announced too large", [
    head("POST /tasks", JSON_TYPE, "Content-Length: 65537"),
  ], "413 body-too-large"],
  ["no body at all", [head("POST /tasks", JSON_TYPE)], "400 invalid-json"],
  [
    "a form",
    post("title=x", "Content-Type: application/x-www-form-urlencoded"),
    "415 unsupported-media-type",
  ],

  // Targets
  ["dots in the path", get("/ping/../tasks"), "404 not-found"],
  ["encoded dots in the path", get("/tasks/%2e%2e/ping"), "404 not-found"],
  [
    "dots behind a path that is open without a token",
    get("/problems/../tasks"),
    "401 unauthorized",
    { apiTokens: [TOKEN_HASH] },
  ],
  [
    "dots and a body behind an open path",
    [head("POST /problems/../tasks", JSON_TYPE, LENGTH), BODY],
    "401 unauthorized",
    { apiTokens: [TOKEN_HASH] },
  ],
  [
    "a host that names an open path",
    ["GET /tasks HTTP/1.1\r\nHost: a/ping?\r\n\r\n"],
    "400 invalid-header",
    { apiTokens: [TOKEN_HASH] },
  ],
  ["an open path in capitals", get("/PING"), "401 unauthorized", {
    apiTokens: [TOKEN_HASH],
  }],
  ["an encoded slash", get("/tasks%2Fevents"), "404 not-found"],
  ["an encoded slash in an id", get("/tasks/..%2fping"), "404 not-found"],
  ["a backslash", get("/tasks\\..\\ping"), "404 not-found"],
  ["two slashes", get("//evil.example/tasks"), "404 not-found"],
  ["NUL in the path", get("/tasks/\0"), REFUSED],
  ["an encoded NUL in the path", get("/tasks/%00"), "404 not-found"],
  [
    "marks that turn the direction",
    get("/tasks/\u202e\u2066"),
    "404 not-found",
  ],
  ["bytes that are not UTF-8", get("/tasks/%ff%fe"), "400 invalid-path"],
  ["half an escape", get("/tasks/%"), "400 invalid-path"],
  ["a fragment", get("/tasks#/../ping"), "200"],
  ["a target with a host", get("http://evil.example/tasks"), "200"],
  [
    "a target that is a host",
    [head("CONNECT localhost:80")],
    "405 method-not-allowed",
  ],
  ["OPTIONS *", [head("OPTIONS *")], "204"],
  ["GET *", [head("GET *")], REFUSED],
  ["an id that is too short", get("/tasks/01JD4Z3W6Q"), "404 not-found"],
  [
    "an id that is too long",
    get(`/tasks/${"0".repeat(5000)}`),
    "404 not-found",
  ],
  [
    "a cursor of junk",
    get(`/tasks?cursor=${"%ff".repeat(1000)}`),
    "400 invalid-cursor",
  ],

  // Headers
  ["no request line", ["\x16\x03\x01\x02\x00\x01\r\n\r\n"], REFUSED],
  ["HTTP/0.9", ["GET /ping\r\n\r\n"], REFUSED],
  ["HTTP/9.9", ["GET /ping HTTP/9.9\r\n\r\n"], REFUSED],
  ["NUL in a header", get("/ping", "X-A: a\0b"), REFUSED],
  ["two hosts", get("/ping", "Host: evil.example"), REFUSED],
  [
    "a host with a path",
    ["GET /tasks HTTP/1.1\r\nHost: a/ping?\r\n\r\n"],
    "400 invalid-header",
  ],
  [
    "a host with a fragment",
    ["GET /tasks HTTP/1.1\r\nHost: a#\r\n\r\n"],
    "400 invalid-header",
  ],
  [
    "a host with a space",
    ["GET /tasks HTTP/1.1\r\nHost: a b\r\n\r\n"],
    "400 invalid-header",
  ],
  [
    "a host with a user",
    ["GET /tasks HTTP/1.1\r\nHost: a@b\r\n\r\n"],
    "400 invalid-header",
  ],
  [
    "a host with a backslash",
    ["GET /tasks HTTP/1.1\r\nHost: a\\ping\r\n\r\n"],
    "400 invalid-header",
  ],
  [
    "another host",
    ["GET /tasks HTTP/1.1\r\nHost: evil.example\r\n\r\n"],
    "421 misdirected-request",
  ],
  [
    "another host behind a proxy",
    get("/tasks", "X-Forwarded-Host: evil.example", "Forwarded: host=evil"),
    "200",
  ],
  ["another method by header", [
    head(
      "POST TASK",
      "X-HTTP-Method-Override: DELETE",
      "X-HTTP-Method: DELETE",
      "X-Method-Override: DELETE",
      "Content-Length: 0",
    ),
  ], "405 method-not-allowed"],
  ["a method in lower case", [head("delete TASK")], "405 method-not-allowed"],
  ["a known method in lower case, with a body", [
    head("get /tasks", "Content-Length: 2"),
    "{}",
  ], "405 method-not-allowed"],
  ["a preflight in lower case", [
    head(
      "options /tasks",
      "Origin: https://example.com",
      "Access-Control-Request-Method: PATCH",
    ),
  ], "405 method-not-allowed"],
  [
    "TRACE",
    [head("TRACE /tasks", "Content-Length: 2"), "{}"],
    "405 method-not-allowed",
  ],
  [
    "a Last-Event-ID of junk",
    get("/tasks/events", `Last-Event-ID: ${"x".repeat(1000)}`),
    "400 invalid-header",
  ],
  ["a Last-Event-ID of another store", [
    head("HEAD /tasks/events", `Last-Event-ID: ${"f".repeat(20)}`),
  ], "200"],
  [
    "a request id that would break a line",
    get("/ping", 'X-Request-Id: a" level=error'),
    "200",
  ],
  [
    "an upgrade",
    get(
      "/ping",
      "Connection: upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: x3JJHMbDL1EzLkh9GBhXDw==",
    ),
    "200",
  ],
];

for (const [name, wire, verdict, config] of HOSTILE) {
  Deno.test(`${name}: ${verdict}, and the API keeps serving`, async () => {
    await using server = await Server.open(config);
    const created = await server.send(post('{"title":"Write"}'));
    const [, path = "/tasks/1"] = /^location: (.+)\r$/im.exec(created) ?? [];
    const before = await server.tasks();
    server.log.length = 0;

    const text = await server.send(
      Array.from(
        wire,
        (part) =>
          typeof part === "string" ? part.replaceAll("TASK", path) : part,
      ),
      verdict === REFUSED,
    );

    const lines = server.log.map(({ level, message, status }) =>
      `${level} ${message} ${status}`
    );
    if (verdict === REFUSED) {
      // It responds once, with 400 or not at all, and closes the connection.
      assert(/^(HTTP\/1\.1 400 (?:(?!HTTP\/1)[^])*)?$/.test(text), text);
      assertEquals(lines, []);
    } else {
      assertEquals(verdictOf(text), verdict);
      assertEquals(lines, [`info request ${verdict.slice(0, 3)}`]);
    }
    assert(text.length < 65_536, `A response of ${text.length} bytes`);
    assertEquals(verdictOf(await server.send(get("/ping"))), "200");
    assertEquals(await server.tasks(), before);
  });
}

Deno.test("the body of a GET is not read as a second request", async () => {
  await using server = await Server.open();

  const text = await server.send([
    head("GET /ping", `Content-Length: ${SMUGGLED.length}`),
    SMUGGLED,
    head("GET /healthz", "Connection: close"),
  ], true);

  assertEquals(text.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 200", "HTTP/1.1 200"]);
  assertEquals(server.log.map(({ path }) => path), ["/ping", "/healthz"]);
});

const BREAKS: [name: string, chunk: string][] = [
  ["a chunk of no length", "zz\r\n"],
  ["a chunk that does not end where it says", '3\r\n"a"XX\r\n'],
];

for (const [name, chunk] of BREAKS) {
  Deno.test(`${name}, in the middle of a body: 400 invalid-json`, async () => {
    await using server = await Server.open();
    using conn = await server.connect();
    await writeAll(conn, chunked('5\r\n{"a":\r\n'));
    await server.arrived;

    await writeAll(conn, [chunk]);
    const buffer = new Uint8Array(65_536);
    const length = await conn.read(buffer);

    const text = LATIN_1.decode(buffer.subarray(0, length ?? 0));
    assertEquals(verdictOf(text), "400 invalid-json");
    assertEquals(server.log.map(({ level, message }) => [level, message]), [
      ["info", "request"],
    ]);
  });
}

const HALVES: [name: string, wire: Wire][] = [
  ["a body", [head("POST /tasks", JSON_TYPE, LENGTH), '{"ti']],
  ["a chunk", chunked('d\r\n{"ti')],
];

for (const [name, wire] of HALVES) {
  Deno.test(`a client that leaves in the middle of ${name} is no error of the server`, async () => {
    const logged = Promise.withResolvers<LogLine>();
    await using server = await Server.open({}, logged.resolve);
    {
      using conn = await server.connect();
      await writeAll(conn, wire);
      await server.arrived;
    }

    const { level, message, status } = await logged.promise;

    assertEquals([level, message, status], ["info", "request", 400]);
    assertEquals(verdictOf(await server.send(get("/ping"))), "200");
    assertEquals(server.log.length, 2);
  });
}

Deno.test("slow clients get 408 or nothing, and do not delay others", async () => {
  await using server = await Server.open({ requestTimeoutMs: 300 });
  const idle = await Promise.all(
    Array.from({ length: 20 }, () => server.connect()),
  );
  for (const conn of idle) await writeAll(conn, ["POST /tasks HTTP/1.1\r\nHo"]);

  const slow = Promise.all(
    Array.from({ length: 20 }, () => HALVES).flat().map(([, wire]) =>
      server.send(wire)
    ),
  );
  const quick = await Promise.all(
    Array.from({ length: 20 }, () => server.send(get("/ping"))),
  );

  assertEquals(quick.map(verdictOf), Array(20).fill("200"));
  assertEquals(
    (await slow).map(verdictOf),
    Array(40).fill("408 request-timeout"),
  );
  // Deno closes none of them itself.
  for (const text of await slow) assertMatch(text, /^connection: close\r$/im);
  for (const conn of idle) conn.close();
  assertEquals(server.log.length, 60);
  assert(server.log.every(({ level }) => level === "info"));
});

Deno.test("a body that is announced too large with Expect: 100-continue gets its 413 before it is sent", async () => {
  await using server = await Server.open();
  using conn = await server.connect();
  const length = "Content-Length: 65537";
  await writeAll(conn, [
    head("POST /tasks", JSON_TYPE, length, "Expect: 100-continue"),
  ]);

  // Deno sends a 100 by itself, before the app is called.
  let text = "";
  const buffer = new Uint8Array(65_536);
  while (!text.includes("\r\nHTTP/1.1 413 ")) {
    text += LATIN_1.decode(buffer.subarray(0, await conn.read(buffer) ?? 0));
  }

  assert(text.startsWith("HTTP/1.1 100 "), text);
});

Deno.test("hundreds of hostile exchanges leave no request open", async () => {
  await using server = await Server.open();

  for (let round = 0; round < 5; round++) {
    await Promise.all(HOSTILE.map(([, wire]) => server.send(wire)));
  }

  assertEquals(verdictOf(await server.send(get("/ping"))), "200");
  assert(server.log.every(({ level }) => level === "info"));
});
