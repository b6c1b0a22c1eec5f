/** The program under failures of the system around it. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Server } from "../server.ts";

Deno.test({
  name: "main.ts listens again when there are file descriptors again",
  ignore: Deno.build.os === "windows",
  async fn(): Promise<void> {
    await using server = await Server.start({ KV_PATH: ":memory:" }, {
      handles: 120,
    });
    const first = await Deno.connect({
      hostname: "127.0.0.1",
      port: server.port,
    });
    const failed = server.line("stopped listening");
    const others = await many(server.port, 120);
    const { error } = await failed;
    const again = server.line("listening again");

    await write(first, "GET /ping HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const response = await readSome(first);
    for (const connection of [first, ...others]) connection.close();
    await again;
    const status = await statusOf(`${server.url}/ping`);
    server.signal("SIGTERM");

    assertStringIncludes(String(error), "Too many open files");
    assertStringIncludes(response, "HTTP/1.1 200 OK");
    assertEquals(status, 200);
    assertEquals(await server.status(), 0);
  },
});

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

/** Opens connections, and returns those that succeed. */
async function many(port: number, count: number): Promise<Deno.Conn[]> {
  const opened = await Promise.allSettled(
    Array.from(
      { length: count },
      () => Deno.connect({ hostname: "127.0.0.1", port }),
    ),
  );
  return opened.filter((it) => it.status === "fulfilled")
    .map(({ value }) => value);
}

async function write(connection: Deno.Conn, text: string): Promise<void> {
  const bytes = new TextEncoder().encode(text);
  assertEquals(await connection.write(bytes), bytes.length);
}

async function readSome(connection: Deno.Conn): Promise<string> {
  const buffer = new Uint8Array(4096);
  const length = await connection.read(buffer);
  assert(length);
  return new TextDecoder().decode(buffer.subarray(0, length));
}
