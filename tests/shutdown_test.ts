/** How the real program ends, with many requests in flight. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Server } from "./server.ts";
import { openTasks, verifyTasks } from "./store/tasks.ts";

const REQUESTS = 200;
const STREAMS = 100;

Deno.test("main.ts ends in order, and loses no request that it took", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;
  let acknowledged: string[];
  {
    await using server = await Server.start({ KV_PATH: path });
    const streams = await many(STREAMS, () => openStream(server.url));
    const requests = await many(
      REQUESTS,
      (number) => SlowRequest.begin(server.port, `task ${number}`),
    );
    const stuck = await SlowRequest.begin(server.port, "stuck");

    server.signal("SIGTERM");
    // Each stream ends, and only then is there a body to be read whole.
    const events = await Promise.all(streams.map((stream) => stream.text()));
    const ready = await fetch(`${server.url}/readyz`);
    await ready.body?.cancel();
    // Bodies take longer than the grace period. No event marks its end: while bodies
    // are being uploaded, nothing happens then.
    await new Promise((resolve) => setTimeout(resolve, 500));
    const responses = await Promise.all(requests.map((it) => it.finish()));
    const refused = await stuck.response();
    const status = await server.status();

    assert(events.every((text) => text.startsWith("retry: 1000\nid: ")));
    assertEquals(ready.status, 503);
    assertEquals(ready.headers.get("Retry-After"), "1");
    assertEquals(ready.headers.get("Connection"), "close");
    assertStringIncludes(refused, " 503 Service Unavailable");
    for (const text of responses) assertStringIncludes(text, " 201 Created");
    assertEquals(status, 0);
    acknowledged = responses.map((text) => /\/tasks\/(\w+)/.exec(text)![1]!);
  }

  await using open = await openTasks(path);
  const found = await Promise.all(acknowledged.map((id) => open.tasks.get(id)));
  assertEquals(new Set(found.map((it) => it?.value.title)).size, REQUESTS);
  assertEquals(await verifyTasks(path), []);
  await open[Symbol.asyncDispose]();
  await Deno.remove(folder, { recursive: true });
});

Deno.test({
  name: "main.ts ends in order at SIGHUP and SIGQUIT",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    for (const signal of ["SIGHUP", "SIGQUIT"] as const) {
      await using server = await Server.start({ KV_PATH: ":memory:" });

      server.signal(signal);

      assertEquals(await server.status(), 0);
    }
  },
});

Deno.test("main.ts ends at a second signal without waiting for a collector that never responds", async () => {
  using collector = listen();
  await using server = await Server.start(exportTo(collector));
  const stuck = await SlowRequest.begin(server.port, "stuck");
  const stream = await openStream(server.url);

  server.signal("SIGINT");
  server.signal("SIGTERM");
  await stream.text();
  // Both were one, as Ctrl-C is under `deno task`, until some time has passed. The
  // server says nothing when it has, so there is no event to wait for.
  await new Promise((resolve) => setTimeout(resolve, 500));
  server.signal("SIGTERM");

  // By SIGKILL.
  assertEquals(await server.status(), 137);
  await stuck.abort();
});

Deno.test("deno task start exits with 0 before a collector that never responds would time out", async () => {
  using collector = listen();
  await using server = await Server.startTask({
    ...exportTo(collector),
    KV_PATH: ":memory:",
  });
  await (await fetch(`${server.url}/ping`)).body?.cancel();

  server.signal("SIGTERM");

  // Without a setting, Deno waits for 10 s, twice.
  const { promise: late, resolve } = Promise.withResolvers<string>();
  const timer = setTimeout(resolve, 9_000, "still running");
  assertEquals(await Promise.race([server.status(), late]), 0);
  clearTimeout(timer);
});

/** Listens without accepting: the system accepts, and nothing ever responds. */
function listen(): Deno.TcpListener {
  return Deno.listen({ hostname: "127.0.0.1", port: 0 });
}

function exportTo({ addr }: Deno.TcpListener): Record<string, string> {
  const { port } = addr as Deno.NetAddr;
  return {
    OTEL_DENO: "true",
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
  };
}

/** A request to create a task, whose body comes in two pieces. */
class SlowRequest {
  readonly #connection: Deno.TcpConn;
  readonly #rest: string;

  private constructor(connection: Deno.TcpConn, body: string) {
    this.#connection = connection;
    this.#rest = body;
  }

  /** Sends all but half of the body, and waits until the server asks for that. */
  static async begin(port: number, title: string): Promise<SlowRequest> {
    const connection = await Deno.connect({ hostname: "127.0.0.1", port });
    const body = JSON.stringify({ title });
    await write(
      connection,
      "POST /tasks HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n" +
        "Content-Type: application/json\r\n" +
        `Content-Length: ${body.length}\r\n\r\n`,
    );
    assertStringIncludes(await readSome(connection), " 100 Continue");
    await write(connection, body.slice(0, 5));
    return new SlowRequest(connection, body.slice(5));
  }

  /** Sends the rest, and resolves to the response. */
  async finish(): Promise<string> {
    await write(this.#connection, this.#rest);
    return await this.response();
  }

  /** Resolves to what the server sends until it closes the connection. */
  async response(): Promise<string> {
    return await new Response(this.#connection.readable).text();
  }

  /** Gives up. */
  async abort(): Promise<void> {
    // The server has ended: there is an end to read, or an error.
    await this.#connection.read(new Uint8Array(1)).catch(() => {});
    this.#connection.close();
  }
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  let bytes = new TextEncoder().encode(text);
  while (bytes.length > 0) {
    bytes = bytes.subarray(await connection.write(bytes));
  }
}

async function readSome(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(1024);
  const length = await connection.read(buffer);
  return new TextDecoder().decode(buffer.subarray(0, length ?? 0));
}

async function openStream(url: string): Promise<Response> {
  const response = await fetch(`${url}/tasks/events`);
  assertEquals(response.status, 200);
  return response;
}

/** Does the same thing so many times in parallel. */
function many<T>(
  count: number,
  make: (number: number) => Promise<T>,
): Promise<T[]> {
  return Promise.all(
    Array.from({ length: count }, (_, number) => make(number)),
  );
}
