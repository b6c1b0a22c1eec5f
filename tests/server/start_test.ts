import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { Server, UNSET } from "../server.ts";
import { run } from "./_run.ts";

const START = new URL("../../server/start.ts", import.meta.url).href;
// With the permissions of the task, and no others.
const TASK = ["task", "--quiet", "start"];

Deno.test("deno task start keeps its tasks over a restart, and exits with 0 at SIGTERM and SIGINT", async () => {
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

Deno.test("deno task dev ends at SIGTERM, in a second run as well", async () => {
  const folder = await Deno.makeTempDir();
  const env = { KV_PATH: `${folder}/dev.sqlite3` };
  for (let run = 0; run < 2; run++) {
    await using server = await Server.start(env, {
      args: ["task", "--quiet", "dev"],
    });
    server.signal("SIGTERM");
    assertEquals(await server.status(), 143);
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("main.ts reports a port in use in one line, and exits with 1", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;

  const { code, error } = await run(["main.ts", "serve"], { PORT: `${port}` });

  assertEquals(code, 1);
  assertEquals(
    error,
    `Cannot listen on 127.0.0.1:${port}: the port is in use. Set PORT to another one, or to 0 for any free port\n`,
  );
});

Deno.test("main.ts reports an address of another machine in one line, and exits with 1", async () => {
  const { code, error } = await run(["main.ts", "serve"], {
    HOST: "192.0.2.1",
  });

  assertEquals(code, 1);
  assertStringIncludes(error, "Cannot listen on 192.0.2.1:0: ");
  assertStringIncludes(
    error,
    "Set HOST and PORT to an address of this machine",
  );
  assertEquals(error.trimEnd().split("\n").length, 1);
});

Deno.test("main.ts reports every invalid variable, and exits with 1", async () => {
  const env = { PORT: "80a", BODY_LIMIT: "-1" };

  const { code, error } = await run(["main.ts", "serve"], env);

  assertEquals(code, 1);
  assertStringIncludes(error, 'PORT is "80a"');
  assertStringIncludes(error, 'BODY_LIMIT is "-1"');
});

Deno.test("main.ts reports a damaged store in one line, and exits with 1", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "a text, not a database, and long enough");

  const { code, error } = await run(["main.ts", "serve"], { KV_PATH: file });

  assertEquals(code, 1);
  assertStringIncludes(error, file);
  assertEquals(error.trimEnd().split("\n").length, 1, error);
  await Deno.remove(file);
});

Deno.test("main.ts reports an unknown command, and exits with 1", async () => {
  assertEquals(await run(["main.ts", "routes", "now"]), {
    code: 1,
    out: "",
    error: 'Unknown command "routes now": use doctor, routes, or none\n',
  });
});

Deno.test("main.ts routes lists every route without any permission", async () => {
  const { code, out } = await run(["main.ts", "routes"], {}, { flags: [] });

  assertEquals(code, 0);
  assert(out.startsWith("GET    /ping\n"), out);
  assertStringIncludes(out, "\nPATCH  /tasks/:id\n");
});

Deno.test("start() exits with 1, whatever is thrown", async () => {
  const program = `
    import { start } from "${START}";
    await start(() => Promise.reject("the store is broken"));`;

  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", program],
    cwd: `${import.meta.dirname}/../..`,
    env: UNSET,
  }).output();

  assertEquals(code, 1);
  assertEquals(new TextDecoder().decode(stderr), "the store is broken\n");
});
