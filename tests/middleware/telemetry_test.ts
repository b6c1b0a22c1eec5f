import { assertEquals, assertMatch } from "@std/assert";
import { stub } from "@std/testing/mock";
import { requestState } from "../../http/request_state.ts";
import { compose } from "../../middleware/compose.ts";
import { telemetry } from "../../middleware/telemetry.ts";

/** Requests, and the name and the attribute that their span gets. */
const SPANS: [method: string, route: string, calls: string[]][] = [
  ["GET", "/tasks/:id", ["http.route=/tasks/:id", "GET /tasks/:id"]],
  ["MADEUP", "/tasks/:id", ["http.route=/tasks/:id", "HTTP /tasks/:id"]],
  ["GET", "", []],
];

for (const [method, route, expected] of SPANS) {
  Deno.test(`telemetry() names the span of ${method} "${route}"`, async () => {
    const calls: string[] = [];
    const span = {
      setAttribute: (name: string, value: string) =>
        calls.push(`${name}=${value}`),
      updateName: (name: string) => calls.push(name),
    };
    using _active = stub(
      Deno.telemetry.contextManager,
      "active",
      () => ({ getValue: () => span }),
    );

    await respond(method, route);

    assertEquals(calls, expected);
  });
}

Deno.test("telemetry() does nothing if no span is active", async () => {
  assertEquals((await respond("GET", "/ping")).status, 200);
});

async function respond(method: string, route: string): Promise<Response> {
  const serve = compose([telemetry()], (request) => {
    requestState(request).route = route;
    return new Response();
  });
  return await serve(new Request("http://localhost/", { method }));
}

// Deno exports spans only if it starts with OTEL_DENO, so this needs a process.
Deno.test("telemetry() names the span and the metrics of a request after its route", async () => {
  const code = `
    import { createApp } from ${
    JSON.stringify(new URL("../../main.ts", import.meta.url).href)
  };
    await using app = await createApp({ config: { telemetry: true } });
    const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => app.fetch(request));
    await (await fetch(\`http://127.0.0.1:\${server.addr.port}/tasks/1\`)).text();
    await server.shutdown();
  `;
  const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["eval", "--ext=ts", code],
    cwd: `${import.meta.dirname}/../..`,
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_PROTOCOL: "console",
      NO_COLOR: "1",
    },
  }).output();
  const printed = new TextDecoder().decode(stdout) +
    new TextDecoder().decode(stderr);

  assertMatch(printed, /SPAN GET \/tasks\/:id /);
  assertMatch(
    printed,
    /http\.server\.request\.duration[^]*http\.route=\/tasks\/:id/,
  );
});
