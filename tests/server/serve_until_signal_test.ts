import {
  assert,
  assertEquals,
  assertMatch,
  assertStringIncludes,
} from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { stop } from "../../server/serve_until_signal.ts";
import { Server, UNSET } from "../server.ts";

const ROOT = `${import.meta.dirname}/../..`;
const START = new URL("../../server/start.ts", import.meta.url).href;

// HOST and APP_MODE, and the URLs in the log without their port.
const URLS = [
  [{}, { url: "http://127.0.0.1", docs: "http://127.0.0.1/docs" }],
  [{ HOST: "0.0.0.0" }, {
    url: "http://127.0.0.1",
    docs: "http://127.0.0.1/docs",
  }],
  [{ HOST: "::1" }, { url: "http://[::1]", docs: "http://[::1]/docs" }],
  [{ HOST: "::" }, { url: "http://[::1]", docs: "http://[::1]/docs" }],
  [{ APP_MODE: "development" }, {
    url: "http://127.0.0.1",
    docs: "http://127.0.0.1/docs",
    playground: "http://localhost/playground",
  }],
] as const;

for (const [env, urls] of URLS) {
  Deno.test(`main.ts logs its URLs with ${JSON.stringify(env)}`, async () => {
    await using server = await Server.start({ KV_PATH: ":memory:", ...env });
    const response = await fetch(`${server.url}/ping`);

    const { time: _time, level: _level, msg: _msg, ...logged } =
      server.listening;
    assertEquals(await response.json(), { ok: true });
    assertEquals(
      JSON.parse(JSON.stringify(logged).replaceAll(`:${server.port}`, "")),
      urls,
    );
  });
}

Deno.test("serveUntilSignal() keeps serving after an unhandled rejection", async () => {
  const program = `
    import { start } from "${START}";
    await start(() => Promise.resolve({
      fetch() {
        Promise.reject(new RangeError("stray"));
        return Promise.resolve(new Response("hello"));
      },
      stop() {},
      abandon() {},
      [Symbol.asyncDispose]: () => Promise.resolve(),
    }));`;
  await using server = await Server.start({}, { args: ["eval", program] });

  const rejected = server.line("unhandled rejection");
  const first = await fetch(server.url);
  const { error } = await rejected;
  const second = await fetch(server.url);

  assertStringIncludes(String(error), "RangeError: stray");
  assertEquals(await first.text(), "hello");
  assertEquals(await second.text(), "hello");
});

Deno.test("deno serve main.ts reports an invalid variable, and exits with 1", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--port=0", "main.ts"],
    cwd: ROOT,
    env: { ...UNSET, BODY_LIMIT: "-1" },
  }).output();

  assertEquals(code, 1);
  assertStringIncludes(new TextDecoder().decode(stderr), 'BODY_LIMIT is "-1"');
});

Deno.test("deno serve main.ts reports a port in use, and listens on no other", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;

  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["serve", "-A", "--host=127.0.0.1", `--port=${port}`, "main.ts"],
    cwd: ROOT,
    env: { ...UNSET, NO_COLOR: "1", PORT: "0", KV_PATH: ":memory:" },
    signal: AbortSignal.timeout(10_000),
  }).output();

  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stdout)], [1, ""]);
  assertMatch(
    decoder.decode(stderr),
    /^Cannot start: AddrInUse: .*\. "deno serve" listens on --host and --port\n$/,
  );
});

Deno.test("an import of main.ts starts nothing", async () => {
  const program = `
    const { default: served } = await import("./main.ts");
    if (served !== undefined) throw new Error("it has a default export");`;
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    cwd: ROOT,
    env: { PORT: "a port that is read would stop it" },
  }).output();

  const decoder = new TextDecoder();
  assertEquals([code, decoder.decode(stdout), decoder.decode(stderr)], [
    0,
    "",
    "",
  ]);
});

Deno.test("main.ts responds while its log is not read, and stops at SIGTERM", async () => {
  const child = start();
  // Only the first line of the log is read.
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

Deno.test("main.ts responds after the pipe of its log was closed", async () => {
  const child = start();
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

Deno.test("main.ts exits with 0 at a signal that arrives as soon as it listens", async () => {
  for (const _ of Array(3).keys()) {
    await using server = await Server.start({ KV_PATH: ":memory:" });
    server.signal("SIGTERM");
    assertEquals(await server.status(), 0);
  }
});

function start(): Deno.ChildProcess {
  return new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "main.ts"],
    cwd: ROOT,
    env: { ...UNSET, KV_PATH: ":memory:", PORT: "0", LOG_FORMAT: "json" },
    stdout: "piped",
    stderr: "null",
  }).spawn();
}

async function statusOf(url: string): Promise<number> {
  const response = await fetch(url);
  await response.body?.cancel();
  return response.status;
}

/** An app and a server that never finish, and the times at which each is called. */
function openStuck(time: FakeTime): {
  calls: string[];
  app: Parameters<typeof stop>[0];
  requests: Parameters<typeof stop>[1];
} {
  const calls: string[] = [];
  const start = time.now;
  const note = (name: string): void =>
    void calls.push(`${time.now - start} ms: ${name}`);
  function hang(name: string): Promise<void> {
    note(name);
    return new Promise<void>(() => {});
  }
  return {
    calls,
    app: {
      stop: () => note("app.stop"),
      abandon: () => note("app.abandon"),
      [Symbol.asyncDispose]: () => Promise.resolve(note("app closes")),
    },
    requests: {
      settle: () => hang("settle"),
      shutdown: () => hang("shutdown"),
    },
  };
}

Deno.test("stop() abandons requests after 3.5 s, and closes the app after 4 s", async () => {
  using time = new FakeTime();
  const { calls, app, requests } = openStuck(time);

  const stopping = stop(app, requests);
  await time.runAllAsync();
  await stopping;

  assertEquals(calls, [
    "0 ms: app.stop",
    "0 ms: settle",
    "3500 ms: app.abandon",
    "3500 ms: shutdown",
    "4000 ms: app closes",
  ]);
});

Deno.test("stop() shuts down when the requests are settled, but not before 300 ms", async () => {
  for (const [settled, shutDown] of [[0, 300], [1_300, 1_300]] as const) {
    using time = new FakeTime();
    const { calls, app, requests } = openStuck(time);
    const settle = (): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, settled));

    const stopping = stop(app, { ...requests, settle });
    await time.runAllAsync();
    await stopping;

    assert(calls.includes(`${shutDown} ms: shutdown`), calls.join());
  }
});
