import { assert, assertEquals, assertStringIncludes } from "@std/assert";

const MAIN = new URL("../main.ts", import.meta.url).pathname;

/** The real program in a process of its own, on a port that is free. */
class Server implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #lines: ReadableStreamDefaultReader<string>;
  url = "";

  private constructor(env: Record<string, string>) {
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-prompt", MAIN],
      env: { PORT: "0", LOG_FORMAT: "json", ...env },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#lines = this.#child.stdout
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(linesOf())
      .getReader();
  }

  /** Starts it, and waits until it listens. */
  static async start(env: Record<string, string>): Promise<Server> {
    const server = new Server(env);
    server.url = (await server.line("listening"))["url"] as string;
    return server;
  }

  /** Waits for a line of the log. */
  async line(msg: string): Promise<Record<string, unknown>> {
    for (;;) {
      const { value, done } = await this.#lines.read();
      if (done) {
        throw new Error(`No line says "${msg}": ${await this.errors()}`);
      }
      const line = JSON.parse(value);
      if (line.msg === msg) return line;
    }
  }

  errors(): Promise<string> {
    return new Response(this.#child.stderr).text();
  }

  signal(signal: Deno.Signal): void {
    this.#child.kill(signal);
  }

  async status(): Promise<number> {
    return (await this.#child.status).code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
    await this.#child.status;
    await this.#lines.cancel();
    if (!this.#child.stderr.locked) await this.#child.stderr.cancel();
  }
}

function linesOf(): TransformStream<string, string> {
  let rest = "";
  return new TransformStream({
    transform(chunk, controller): void {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) controller.enqueue(line);
    },
  });
}

async function run(
  env: Record<string, string>,
): Promise<{ code: number; error: string }> {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", MAIN],
    env: { PORT: "0", KV_PATH: ":memory:", ...env },
    stdout: "null",
  }).output();
  return { code, error: new TextDecoder().decode(stderr) };
}

Deno.test("main.ts keeps its tasks over a restart, and ends with 0 at SIGTERM and SIGINT", async () => {
  const folder = await Deno.makeTempDir();
  const env = { KV_PATH: `${folder}/new/tasks.sqlite3` };
  let location: string;
  {
    await using server = await Server.start(env);
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
    await using server = await Server.start(env);
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
