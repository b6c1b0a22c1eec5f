/** What a client sends may not cost the server much more memory than it has bytes. */

import { assert, assertEquals } from "@std/assert";
import { Server } from "../../../tests/server.ts";

/** In memory, and with as many clients as a test says. */
const MEMORY = { KV_PATH: ":memory:", PROXY_HOPS: "1" };

/** Resident memory of a process, now or at most so far, in megabytes. */
async function residentOf(
  pid: number,
  field: "VmRSS" | "VmHWM" = "VmRSS",
): Promise<number> {
  const status = await Deno.readTextFile(`/proc/${pid}/status`);
  const [, kilobytes] = new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(status)!;
  return Number(kilobytes) / 1024;
}

/** Sends a body of one byte a chunk, and resolves to the status line. */
async function sendInChunks(port: number, bytes: number): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = "POST /tasks HTTP/1.1\r\nHost: localhost\r\n" +
    "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
  const chunks = "1\r\nx\r\n".repeat(bytes);
  const request = new TextEncoder().encode(`${head}${chunks}0\r\n\r\n`);
  // The server responds before it has read all of it, and closes the connection.
  writeAll(connection, request).catch(() => {});
  const response = new Uint8Array(1024);
  const count = await connection.read(response) ?? 0;
  const [line = ""] = new TextDecoder().decode(response.subarray(0, count))
    .split("\r\n");
  return line;
}

Deno.test("1,000 bodies in parallel, of 60,000 chunks of one byte, take less than 450 MB", async () => {
  await using server = await Server.start(MEMORY);

  const lines = await Promise.all(
    Array.from({ length: 1000 }, () => sendInChunks(server.port, 60_000)),
  );
  const peak = await residentOf(server.pid, "VmHWM");

  assertEquals(new Set(lines), new Set(["HTTP/1.1 413 Payload Too Large"]));
  // 360 MB, of which Deno itself takes 230 kB for each chunked body that it has begun to
  // read: a handler that reads 100 chunks and responds takes 260 MB.
  assert(peak < 450, `${peak} MB`);
});

async function writeAll(
  connection: Deno.TcpConn,
  bytes: Uint8Array,
): Promise<void> {
  for (let sent = 0; sent < bytes.length;) {
    sent += await connection.write(bytes.subarray(sent));
  }
}

/** Sends trailers until the server reads no more of them, or 2 GB are sent. */
async function sendTrailers(port: number): Promise<void> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const head = "POST /tasks HTTP/1.1\r\nHost: localhost\r\n" +
    "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
    "1\r\n{\r\n0\r\nX-Trailer: ";
  await connection.write(new TextEncoder().encode(head));
  const trailer = new Uint8Array(65_536).fill(0x61);
  try {
    for (let sent = 0; sent < 2e9;) sent += await connection.write(trailer);
  } catch (error) {
    if (error instanceof Deno.errors.ConnectionReset) return;
    if (error instanceof Deno.errors.BrokenPipe) return;
    throw error;
  }
}

Deno.test("endless trailers take less than 900 MB", async () => {
  await using server = await Server.start(MEMORY);

  await Promise.all([sendTrailers(server.port), sendTrailers(server.port)]);
  const peak = await residentOf(server.pid, "VmHWM");

  // 300 to 520 MB, by the speed of the machine; all that is sent if they are read on.
  assert(peak < 900, `${peak} MB`);
  assertEquals(await (await fetch(`${server.url}/ping`)).json(), { ok: true });
});

/** A frame of HTTP/2 (RFC 9113, 4.1). */
function frame(
  type: number,
  flags: number,
  stream: number,
  ...payload: number[]
): number[] {
  const bytes = [payload.length, stream].map((number) => [
    ...new Uint8Array(new Uint32Array([number]).buffer).reverse(),
  ]);
  return [...bytes[0]!.slice(1), type, flags, ...bytes[1]!, ...payload];
}

/** A field of a request without an entry in a table (RFC 7541, 6.2.2). */
function literal(index: number, value: string): number[] {
  return [index, value.length, ...new TextEncoder().encode(value)];
}

/** Asks for 200 pages over HTTP/2, with no room for any, and waits for their headers. */
async function requestPages(port: number): Promise<Deno.TcpConn> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const fields = [
    ...[0x82, 0x86], // GET, http
    ...literal(4, "/tasks?limit=100"),
    ...literal(1, "localhost"),
  ];
  const parts = [
    ...new TextEncoder().encode("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
    // SETTINGS_INITIAL_WINDOW_SIZE is 0.
    ...frame(4, 0, 0, 0, 4, 0, 0, 0, 0),
    ...Array.from(
      { length: 200 },
      (_, index) => frame(1, 5, 2 * index + 1, ...fields),
    ).flat(),
  ];
  await connection.write(new Uint8Array(parts));
  for (let headers = 0; headers < 200;) {
    const [high, middle, low, type] = await readExactly(connection, 9);
    await readExactly(connection, high! << 16 | middle! << 8 | low!);
    if (type === 1) headers++;
  }
  return connection;
}

async function readExactly(
  connection: Deno.TcpConn,
  length: number,
): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const count = await connection.read(bytes.subarray(at));
    assert(count !== null, "The connection has ended");
    at += count;
  }
  return bytes;
}

Deno.test("1,200 pages of large tasks that are not read take less than 400 MB", async () => {
  await using server = await Server.start(MEMORY);
  const task = { title: "a", description: "漢".repeat(2000) };
  for (let count = 0; count < 100; count++) await post(server.url, task);
  const before = await residentOf(server.pid);

  using connections = new DisposableStack();
  for (let count = 0; count < 6; count++) {
    connections.use(await requestPages(server.port));
  }
  const after = await residentOf(server.pid);

  // 260 MB; 880 MB if a page may have any size.
  assert(after - before < 400, `${before} MB before, ${after} MB after`);
});

Deno.test("300 streams of old events that are not read take less than 400 MB", async () => {
  await using server = await Server.start(MEMORY);
  const before = await residentOf(server.pid);
  using _streams = await openStuck(server, 300);
  const after = await residentOf(server.pid);

  // 120 to 170 MB; 950 MB if a stream may hold more than a row.
  assert(after - before < 400, `${before} MB before, ${after} MB after`);
});

Deno.test("all of these at the same time, for a minute, take less than 1,000 MB, and /ping responds within 100 ms a second later", async () => {
  await using server = await Server.start(MEMORY);
  const { port } = server;
  const end = Date.now() + 60_000;
  async function repeat(attack: () => Promise<unknown>): Promise<void> {
    while (Date.now() < end) await attack();
  }

  using connections = new DisposableStack();
  connections.use(await openStuck(server, 300));
  for (let count = 0; count < 6; count++) {
    connections.use(await requestPages(port));
  }
  await Promise.all([
    ...Array.from(
      { length: 4 },
      () => repeat(() => sendInChunks(port, 60_000)),
    ),
    ...Array.from({ length: 2 }, () => repeat(() => sendTrailers(port))),
  ]);
  const peak = await residentOf(server.pid, "VmHWM");

  // 550 to 610 MB.
  assert(peak < 1000, `${peak} MB`);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const start = performance.now();
  assertEquals(await (await fetch(`${server.url}/ping`)).json(), { ok: true });
  const ms = performance.now() - start;
  assert(ms < 100, `${ms} ms`);
});

Deno.test("250 streams that are not read for long are ended, and nothing is printed to stderr", async () => {
  await using server = await Server.start({ KV_PATH: ":memory:" });
  using streams = await openStuck(server, 250);
  // Two heartbeats: the second one ends streams that were not read since the first.
  await new Promise((resolve) => setTimeout(resolve, 31_000));

  await Promise.all(streams.connections.map(readToEnd));
  server.signal("SIGTERM");

  assertEquals(await server.status(), 0);
  assertEquals(await server.errors(), "");
});

/** Reads until the last chunk, or until the connection is closed. */
async function readToEnd(connection: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(65_536);
  for (let end = "";;) {
    const count = await connection.read(buffer);
    if (count === null) return;
    const text = new TextDecoder().decode(buffer.subarray(0, count));
    end = (end + text).slice(-7);
    if (end === "\r\n0\r\n\r\n") return;
  }
}

interface Stuck extends Disposable {
  readonly connections: readonly Deno.Conn[];
}

/**
 * Writes 5 MB of events, and asks for all of them so many times without reading, as
 * four clients if there is a proxy: one may open 250 streams.
 */
async function openStuck(
  { url, port }: Server,
  count: number,
): Promise<Stuck> {
  const stream = await fetch(`${url}/tasks/events`);
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader();
  const [, from] = /id: (\w+)/.exec((await reader.read()).value!)!;
  await reader.cancel();
  const task = { title: "a", description: "漢".repeat(2000) };
  for (let round = 0; round < 60; round++) {
    await Promise.all(Array.from({ length: 14 }, () => post(url, task)));
  }
  const connections: Deno.Conn[] = [];
  const buffer = new Uint8Array(1024);
  for (let opened = 0; opened < count; opened++) {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    connections.push(connection);
    const head = `GET /tasks/events HTTP/1.1\r\nHost: localhost\r\n` +
      `X-Forwarded-For: 192.0.2.${
        opened % 4
      }\r\nLast-Event-ID: ${from}\r\n\r\n`;
    await connection.write(new TextEncoder().encode(head));
    assert((await connection.read(buffer))! > 0);
  }
  return {
    connections,
    [Symbol.dispose]: () => connections.forEach((each) => each.close()),
  };
}

async function post(url: string, task: unknown): Promise<void> {
  const response = await fetch(`${url}/tasks`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(task),
  });
  await response.body?.cancel();
  assertEquals(response.status, 201);
}
