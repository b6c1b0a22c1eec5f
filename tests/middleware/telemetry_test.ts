import { assertEquals, assertMatch } from "@std/assert";
import { requestState } from "../../http/request_state.ts";
import { compose } from "../../middleware/compose.ts";
import { telemetry } from "../../middleware/telemetry.ts";

Deno.test("telemetry() does nothing if no route matched or no span is active", async () => {
  const calls: string[] = [];
  const span = {
    setAttribute: (name: string) => calls.push(name),
    updateName: (name: string) => calls.push(name),
  };
  const request = new Request("http://localhost/nope");

  await compose([telemetry({ activeSpan: () => span })], () => new Response())(
    request,
  );
  await compose([telemetry()], (request) => {
    requestState(request).route = "/ping";
    return new Response();
  })(request);

  assertEquals(calls, []);
});

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
    cwd: new URL("../..", import.meta.url),
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
