/** Several of the real program on one file, and what stops the start on Deno Deploy. */

import { assertEquals, assertStringIncludes } from "@std/assert";
import { Server, UNSET } from "./server.ts";
import { openTasks, verifyTasks } from "./store/tasks.ts";

const ROOT = `${import.meta.dirname}/..`;

Deno.test("two processes on one file accept writes in parallel, and send each other's events", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;
  {
    await using left = await Server.start({ KV_PATH: path });
    await using right = await Server.start({ KV_PATH: path });
    const events = await fetch(`${right.url}/tasks/events`);
    const seen = titlesOf(events, 100);

    await createAll([left.url, right.url], 100);

    assertEquals((await seen).toSorted(), titles(100).toSorted());
    for (const { url } of [left, right]) {
      const list = await (await fetch(`${url}/tasks?limit=100`)).json();
      assertEquals([list.items.length, list.next], [100, null]);
    }
  }
  await verify(path, 100);
  await Deno.remove(folder, { recursive: true });
});

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test(`deno serve --parallel main.ts serves one file from two threads, and exits with 0 at ${signal}`, async () => {
    const folder = await Deno.makeTempDir();
    const path = `${folder}/tasks.sqlite3`;
    const port = freePort();
    {
      await using server = await Server.start(
        { KV_PATH: path, DENO_JOBS: "2" },
        {
          args: ["serve", "-A", "--parallel", "--host=127.0.0.1"]
            .concat(`--port=${port}`, "main.ts"),
        },
      );
      assertEquals(server.port, port);
      const events = await fetch(`${server.url}/tasks/events`);
      const seen = titlesOf(events, 100);

      await createAll([server.url], 100);
      assertEquals((await seen).toSorted(), titles(100).toSorted());

      server.signal(signal);
      assertEquals(await server.status(), 0);
    }
    await verify(path, 100);
    await Deno.remove(folder, { recursive: true });
  });
}

Deno.test("a server whose data file is deleted logs it, and responds with 503", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/tasks.sqlite3`;
  {
    await using server = await Server.start({ KV_PATH: path });
    await createAll([server.url], 1);
    const why = `The data file "${path}" was deleted or replaced`;
    const logged = server.line(`${why}: restart the server`);

    await Deno.remove(path);

    assertEquals((await logged)["level"], "warn");
    for (const path of ["/readyz", "/tasks"]) {
      const response = await fetch(server.url + path);
      await response.body?.cancel();
      assertEquals([path, response.status], [path, 503]);
    }
  }
  await Deno.remove(folder, { recursive: true });
});

Deno.test("an app on Deno Deploy without a database does not start where that is an error", async () => {
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-prompt", "main.ts"],
    cwd: ROOT,
    env: {
      ...UNSET,
      PORT: "0",
      DENO_DEPLOYMENT_ID: "a deployment",
      DENO_KV_REQUIRES_DISTRIBUTED_DATABASE: "error",
    },
    stdout: "null",
  }).output();

  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 1);
  assertStringIncludes(
    said,
    'Cannot open the store at "the attached database"',
  );
  assertStringIncludes(said, "no KV database is attached to this app");
});

function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}

function titles(count: number): string[] {
  return Array.from({ length: count }, (_, number) => `task ${number}`);
}

/** Creates tasks, by turns at each server. */
async function createAll(urls: string[], count: number): Promise<void> {
  await Promise.all(
    titles(count).map(async (title, index) => {
      const response = await fetch(`${urls[index % urls.length]}/tasks`, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ title }),
      });
      assertEquals([response.status, (await response.json()).title], [
        201,
        title,
      ]);
    }),
  );
}

/** Reads so many titles of tasks from a stream of events. */
async function titlesOf(events: Response, count: number): Promise<string[]> {
  let text = "";
  for await (const part of events.body!.pipeThrough(new TextDecoderStream())) {
    text += part;
    const found = [...text.matchAll(/^data: (.+)\n\n/gm)];
    if (found.length >= count) {
      return found.map(([, data]) => JSON.parse(data!).title);
    }
  }
  throw new Error(`The stream ended: ${text}`);
}

async function verify(path: string, count: number): Promise<void> {
  await using open = await openTasks(path);
  assertEquals(await verifyTasks(path), []);
  const { items } = await open.tasks.list({}, { limit: 100 });
  assertEquals(new Set(items.map(({ title }) => title)).size, count);
}
