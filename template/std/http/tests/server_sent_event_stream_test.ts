import { assertEquals, assertRejects } from "@std/assert";
import {
  type ServerSentEventMessage,
  ServerSentEventStream,
} from "@std/http/server-sent-event-stream";

async function written(...messages: ServerSentEventMessage[]): Promise<string> {
  const stream = ReadableStream.from(messages)
    .pipeThrough(new ServerSentEventStream());
  return await new Response(stream).text();
}

Deno.test("ServerSentEventStream writes one field a line", async () => {
  assertEquals(
    await written(
      { retry: 50, id: 7, data: "d", event: "e", comment: "c" },
      { id: "8", data: "" },
    ),
    ":c\nevent:e\ndata:d\nid:7\nretry:50\n\ndata:\nid:8\n\n",
  );
});

Deno.test("ServerSentEventStream splits what has several lines", async () => {
  assertEquals(
    await written({ comment: "a\nb", data: "1\r\n2\r3\n4" }),
    ":a\n:b\ndata:1\ndata:2\ndata:3\ndata:4\n\n",
  );
});

Deno.test("ServerSentEventStream refuses lines where they would be fields", async () => {
  for (
    const [name, message] of Object.entries({
      event: { event: "a\ndata:b" },
      id: { id: "1\r2" },
    })
  ) {
    await assertRejects(
      () => written(message),
      SyntaxError,
      `Cannot serialize message: \`message.${name}\` cannot contain a newline`,
    );
  }
});
