/** How the real program goes on where the system around it does not. */

import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Server } from "../server.ts";

const ROOT = new URL("../..", import.meta.url);

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
    const failed = server.line("not listening for a moment");
    const others = await many(server.port, 120);
    const { error } = await failed;

    await write(first, "GET /ping HTTP/1.1\r\nHost: a\r\n\r\n");
    const answer = await readSome(first);
    for (const connection of [first, ...others]) connection.close();
    const status = await firstStatus(server.url);
    server.signal("SIGTERM");

    assertStringIncludes(String(error), "Too many open files");
    assertStringIncludes(answer, "HTTP/1.1 200 OK");
    assertEquals(status, 200);
    assertEquals(await server.status(), 0);
  },
});

Deno.test("main.ts answers though nobody reads its log, and ends when it is told to", async () => {
  const child = start("piped");
  // The address is all that is ever read of it.
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const { url } = JSON.parse(new TextDecoder().decode(value));

  for (const _ of Array(100).keys()) {
    const path = `/${"x".repeat(200)}`;
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => statusOf(url + path)),
    );
    assertEquals(new Set(statuses), new Set([404]));
  }
  child.kill("SIGTERM");
  const { code } = await child.status;
  await reader.cancel();

  assertEquals(code, 0);
});

Deno.test("main.ts answers though the reader of its log has gone", async () => {
  const child = start("piped");
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  const { url } = JSON.parse(new TextDecoder().decode(value));
  await reader.cancel();

  const statuses = await Promise.all(
    Array.from({ length: 20 }, () => statusOf(`${url}/ping`)),
  );
  child.kill("SIGTERM");

  assertEquals(new Set(statuses), new Set([200]));
  assertEquals((await child.status).code, 0);
});

Deno.test("main.ts ends in order at a signal that comes as soon as it listens", async () => {
  for (const _ of Array(3).keys()) {
    await using server = await Server.start({ KV_PATH: ":memory:" });
    server.signal("SIGTERM");
    assertEquals(await server.status(), 0);
  }
});

Deno.test("main.ts says in one sentence where it cannot listen", async () => {
  for (
    const [env, sentence] of [
      [{ HOST: "192.0.2.1" }, "Set HOST and PORT to an address of this"],
    ] as const
  ) {
    const { code, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", "main.ts"],
      cwd: ROOT,
      env: { KV_PATH: ":memory:", PORT: "0", ...env },
    }).output();
    const said = new TextDecoder().decode(stderr);

    assertEquals(code, 1);
    assertStringIncludes(said, sentence);
    assertEquals(said.trim().split("\n").length, 1);
  }
});

function start(stdout: "piped" | "null"): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "main.ts"],
    cwd: ROOT,
    env: { KV_PATH: ":memory:", PORT: "0", LOG_FORMAT: "json" },
    stdout,
    stderr: "null",
  }).spawn();
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

/** Asks until somebody answers. The server says nothing when it listens again. */
async function firstStatus(url: string): Promise<number> {
  for (;;) {
    try {
      return await statusOf(`${url}/ping`);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

/** Opens connections, as many as can be had. */
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
