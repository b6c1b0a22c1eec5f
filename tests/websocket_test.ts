import { assertEquals } from "@std/assert";
import { accessLog } from "../middleware/access_log.ts";
import { compose } from "../middleware/compose.ts";
import { cors } from "../middleware/cors.ts";
import { deadline } from "../middleware/deadline.ts";
import { errors } from "../middleware/errors.ts";
import { requestId } from "../middleware/request_id.ts";
import { securityHeaders } from "../middleware/security_headers.ts";
import { stampHeaders } from "../middleware/stamp_headers.ts";
import { timing } from "../middleware/timing.ts";

Deno.test("a WebSocket goes through all layers that change responses", async () => {
  const statuses: unknown[] = [];
  const ending = new AbortController();
  const serve = compose([
    requestId(),
    accessLog({
      log: (_level, _msg, fields) => statuses.push(fields!["status"]),
    }),
    timing(),
    stampHeaders({ "X-Handled-By": "tasks-api" }),
    securityHeaders(),
    cors({ origins: ["https://app.example.com"] }),
    errors({ report: (error) => statuses.push(error) }),
    deadline({ ms: 10_000, signal: ending.signal }),
  ], echo);
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    serve,
  );

  const socket = new WebSocket(`ws://127.0.0.1:${server.addr.port}/`);
  await heard(socket, "open");
  socket.send("hello");
  const { data } = await heard(socket, "message") as MessageEvent;
  socket.close();
  await heard(socket, "close");
  ending.abort();
  await server.shutdown();

  assertEquals(data, "hello back");
  assertEquals(statuses, [101]);
});

function echo(request: Request): Response {
  const { socket, response } = Deno.upgradeWebSocket(request);
  socket.onmessage = ({ data }) => socket.send(`${data} back`);
  return response;
}

function heard(socket: WebSocket, event: string): Promise<Event> {
  return new Promise((resolve) =>
    socket.addEventListener(event, resolve, { once: true })
  );
}
