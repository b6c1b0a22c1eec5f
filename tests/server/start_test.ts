import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { FakeTime } from "@std/testing/time";
import { stop } from "../../server/start.ts";
import { Server } from "../server.ts";

const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const ROOT = new URL("../..", import.meta.url).pathname;
// With the permissions that it has, and no others.
const TASK = ["task", "--quiet", "start"];

async function run(
  env: Record<string, string>,
  cwd = ROOT,
): Promise<{ code: number; error: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", MAIN],
    cwd,
    env: { PORT: "0", KV_PATH: ":memory:", ...env },
    stdout: "null",
  }).output();
  return { code, error: new TextDecoder().decode(stderr) };
}

Deno.test("deno task start keeps its tasks over a restart, and ends with 0 at SIGTERM and SIGINT", async () => {
  const folder = await Deno.makeTempDir();
  const env = { KV_PATH: `${folder}/new/tasks.sqlite3` };
  let location: string;
  {
    await using server = await Server.start(env, { args: TASK });
    const created = await fetch(`${server.url}/tasks`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: '{"title":"Write"}',
    });
    assertEquals(created.status, 201);
    await created.body?.cancel();
    location = created.headers.get("Location")!;
    server.signal("SIGTERM");
    assertEquals(await server.status(), 0);
  }
  {
    await using server = await Server.start(env, { args: TASK });
    const found = await fetch(server.url + location);
    assertEquals((await found.json()).title, "Write");
    server.signal("SIGINT");
    assertEquals(await server.status(), 0);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("main.ts says in one sentence that the port is taken, and ends with 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;

  const { code, error } = await run({ PORT: String(port) });

  assertEquals(code, 1);
  assertEquals(
    error,
    `Cannot listen on 127.0.0.1:${port}: something else listens there. Set PORT to another one, or to 0 for any that is free\n`,
  );
});

Deno.test("main.ts names every wrong variable at once, and ends with 1", async () => {
  const { code, error } = await run({ PORT: "80a", BODY_LIMIT: "-1" });

  assertEquals(code, 1);
  assertStringIncludes(error, 'PORT is "80a"');
  assertStringIncludes(error, 'BODY_LIMIT is "-1"');
});

Deno.test("main.ts says in one sentence that the store cannot be opened, and ends with 1", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(
    file,
    "not a database, but a text that is long enough",
  );

  const { code, error } = await run({ KV_PATH: file });

  assertEquals(code, 1);
  assertStringIncludes(error, file);
  assert(error.trimEnd().split("\n").length === 1, error);
  await Deno.remove(file);
});

// HOST and APP_MODE, and the URLs that are told, without the port.
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
  Deno.test(`main.ts tells its URLs with ${JSON.stringify(env)}`, async () => {
    await using server = await Server.start({ KV_PATH: ":memory:", ...env });
    const response = await fetch(`${server.url}/ping`);

    const { time: _time, level: _level, msg: _msg, ...told } = server.told;
    assertEquals(await response.json(), { ok: true });
    assertEquals(
      JSON.parse(JSON.stringify(told).replaceAll(`:${server.port}`, "")),
      urls,
    );
  });
}

Deno.test("main.ts reads .env, and the environment before it", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.writeTextFile(
    `${folder}/.env`,
    "KV_PATH=:memory:\nAPP_NAME=from-file\nAPP_VERSION=1.2\nDENO_KV_ACCESS_TOKEN=t\n",
  );
  {
    await using server = await Server.start({ APP_VERSION: "2.1" }, {
      cwd: folder,
    });
    const { headers, body } = await fetch(`${server.url}/ping`);
    await body?.cancel();

    assertEquals(headers.get("X-Handled-By"), "from-file");
    assertEquals(headers.get("X-App-Version"), "2.1");
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("main.ts says in one sentence that .env cannot be read, and ends with 1", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/.env`);

  const { code, error } = await run({}, folder);

  assertEquals(code, 1);
  assertEquals(error.trimEnd().split("\n").length, 1, error);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("main.ts says in one sentence that it is not at an address, and ends with 1", async () => {
  const { code, error } = await run({ HOST: "192.0.2.1" });

  assertEquals(code, 1);
  assertStringIncludes(error, "Cannot listen on 192.0.2.1:0: ");
  assertStringIncludes(
    error,
    "Set HOST and PORT to an address of this machine",
  );
});

Deno.test("start() outlives a promise that fails and that nobody waits for", async () => {
  const start = new URL("../../server/start.ts", import.meta.url);
  const program = `
    import { start } from "${start}";
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

  const failed = server.line("a promise failed that nobody waits for");
  const first = await fetch(server.url);
  const { error } = await failed;
  const second = await fetch(server.url);

  assertStringIncludes(String(error), "RangeError: stray");
  assertEquals(await first.text(), "hello");
  assertEquals(await second.text(), "hello");
});

/** An app and what serves it: they tell when each is asked to end, and never do. */
function openStuck(time: FakeTime): {
  told: string[];
  app: Parameters<typeof stop>[0];
  serving: Parameters<typeof stop>[1];
} {
  const told: string[] = [];
  const start = time.now;
  const tell = (what: string): void =>
    void told.push(`${time.now - start} ms: ${what}`);
  const never = new Promise<void>(() => {});
  function hang(what: string): Promise<void> {
    tell(what);
    return never;
  }
  return {
    told,
    app: {
      stop: () => tell("app.stop"),
      abandon: () => tell("app.abandon"),
      [Symbol.asyncDispose]: () => Promise.resolve(tell("app closes")),
    },
    serving: {
      stop: () => tell("serving.stop"),
      settle: () => hang("settle"),
      shutdown: () => hang("shutdown"),
    },
  };
}

Deno.test("stop() waits 3.5 s for what is on its way, and 4 s for all", async () => {
  using time = new FakeTime();
  const { told, app, serving } = openStuck(time);

  const stopping = stop(app, serving);
  await time.runAllAsync();
  await stopping;

  assertEquals(told, [
    "0 ms: app.stop",
    "0 ms: serving.stop",
    "0 ms: settle",
    "3500 ms: app.abandon",
    "3500 ms: shutdown",
    "4000 ms: app closes",
  ]);
});

Deno.test("stop() waits 100 ms more for a store that does not close", async () => {
  using time = new FakeTime();
  const { app, serving } = openStuck(time);
  const start = time.now;
  const never = new Promise<void>(() => {});
  const stuck = { ...app, [Symbol.asyncDispose]: () => never };

  const stopped = stop(stuck, serving).then(() => time.now - start);
  await time.runAllAsync();

  assertEquals(await stopped, 4_100);
});

Deno.test("stop() shuts down when the rest is answered, but not before 300 ms", async () => {
  for (const [settled, shut] of [[0, 300], [1_300, 1_300]] as const) {
    using time = new FakeTime();
    const { told, app, serving } = openStuck(time);
    const settle = (): Promise<void> =>
      new Promise((resolve) => setTimeout(resolve, settled));

    const stopping = stop(app, { ...serving, settle });
    await time.runAllAsync();
    await stopping;

    assert(told.includes(`${shut} ms: shutdown`), told.join());
  }
});

Deno.test("start() ends with 1, whatever is thrown", async () => {
  const start = new URL("../../server/start.ts", import.meta.url);
  const program = `
    import { start } from "${start}";
    await start(() => Promise.reject("the store is broken"));`;

  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    cwd: ROOT,
  }).output();

  assertEquals(code, 1);
  assertEquals(new TextDecoder().decode(stderr), "the store is broken\n");
});
