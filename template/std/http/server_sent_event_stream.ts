/** A message in a stream of server-sent events. */
export interface ServerSentEventMessage {
  /** A comment, which clients ignore. */
  comment?: string;
  /** The type of the event. Clients take `message` if it is missing. */
  event?: string;
  /** The text of the event. It may have several lines. */
  data?: string;
  /** The identifier that a client sends when it connects again. */
  id?: string | number;
  /** How long a client should wait before it connects again, in milliseconds. */
  retry?: number;
}

/**
 * Writes messages in the
 * {@link https://html.spec.whatwg.org/multipage/server-sent-events.html | format of server-sent events}.
 *
 * @example Usage
 * ```ts
 * import { ServerSentEventStream } from "@std/http/server-sent-event-stream";
 * import { assertEquals } from "@std/assert";
 *
 * const body = ReadableStream.from([{ id: 7, data: "one\ntwo" }])
 *   .pipeThrough(new ServerSentEventStream());
 *
 * const response = new Response(body, {
 *   headers: { "Content-Type": "text/event-stream" },
 * });
 * assertEquals(await response.text(), "data:one\ndata:two\nid:7\n\n");
 * ```
 */
export class ServerSentEventStream
  extends TransformStream<ServerSentEventMessage, Uint8Array> {
  /** Constructs a new instance. */
  constructor() {
    const encoder = new TextEncoder();
    super({
      transform(message, controller): void {
        controller.enqueue(encoder.encode(serialize(message)));
      },
    });
  }
}

const LINE_BREAK = /\r\n|\r|\n/;

function serialize(message: ServerSentEventMessage): string {
  const { comment, event, data, id, retry } = message;
  const lines = [
    ...fields("", comment),
    ...fields("event", event === undefined ? event : oneLine("event", event)),
    ...fields("data", data),
    ...fields("id", id === undefined ? id : oneLine("id", `${id}`)),
    ...fields("retry", retry?.toString()),
  ];
  return `${lines.join("\n")}\n\n`;
}

/** Each line of a value is a field of its own. */
function fields(name: string, value: string | undefined): string[] {
  return value?.split(LINE_BREAK).map((line) => `${name}:${line}`) ?? [];
}

function oneLine(name: string, value: string): string {
  if (!LINE_BREAK.test(value)) return value;
  throw new SyntaxError(
    `Cannot serialize message: \`message.${name}\` cannot contain a newline`,
  );
}
