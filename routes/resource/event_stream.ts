/**
 * Sends changes to clients as they happen: server-sent events
 * ({@link https://html.spec.whatwg.org/multipage/server-sent-events.html | HTML, 9.2}).
 *
 * @module
 */

import { Problem } from "../../http/problem.ts";
import { requestState } from "../../http/request_state.ts";
import {
  type Change,
  CHANGE_ID,
  type Collection,
} from "../../store/collection.ts";

/** Options for {@linkcode eventStreams}. */
export interface StreamOptions {
  /** Ends every stream when it aborts. */
  readonly stopping: AbortSignal;
  /**
   * Milliseconds between comments that keep proxies awake.
   *
   * @default {15_000}
   */
  readonly heartbeatMs?: number;
}

/** Streams that may be open at the same time. Each holds a connection. */
const MAX_STREAMS = 1_000;

/** So that one client does not take all places. */
const MAX_STREAMS_OF_CLIENT = MAX_STREAMS / 4;

/** The open streams, with the address of the client of each. */
type Open = Map<AbortController, string>;

/**
 * Creates the handler of `GET /<name>/events`.
 *
 * A client that reconnects sends the last `id` that it received in `Last-Event-ID`, as
 * `EventSource` does by itself, and receives every change since, once and in order.
 * Where the log no longer reaches that far, `event: reset` means that it has to list again.
 */
export function eventStreams<Fields extends object>(
  collection: Collection<Fields>,
  options: StreamOptions,
): (request: Request) => Promise<Response> {
  const open: Open = new Map();

  return async function follow(request): Promise<Response> {
    const after = readLastEventId(request);
    // A stream has no length: HEAD gets the headers alone.
    const body = request.method === "HEAD"
      ? ""
      : await openStream(collection, after, {
        ...options,
        open,
        client: requestState(request).client,
      });
    return new Response(body, { headers: HEADERS });
  };
}

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // Asks nginx, and proxies that follow it, to pass each event on without delay.
  "X-Accel-Buffering": "no",
};

function readLastEventId({ headers }: Request): string | undefined {
  const id = headers.get("Last-Event-ID");
  if (id === null || CHANGE_ID.test(id)) return id ?? undefined;
  throw new Problem("invalid-header", "Cannot read Last-Event-ID", {
    errors: [{
      header: "Last-Event-ID",
      detail: "Must be the id of an event, 20 or 22 hex digits, or be left out",
    }],
  });
}

async function openStream<Fields extends object>(
  collection: Collection<Fields>,
  after: string | undefined,
  options: StreamOptions & { open: Open; client: string },
): Promise<ReadableStream<Uint8Array>> {
  const { stopping, heartbeatMs = 15_000, open, client } = options;
  const gone = new AbortController();
  // Before the first await, so that no two streams take the last place.
  takePlace(open, gone, client);
  const signal = AbortSignal.any([stopping, gone.signal]);
  const changes = await collection.changes({ after, signal })
    .catch((error) => {
      open.delete(gone);
      throw error;
    });
  const iterator = changes[Symbol.asyncIterator]();
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let isStuck = false;

  function finish(): void {
    clearInterval(heartbeat);
    open.delete(gone);
  }

  async function end(): Promise<void> {
    finish();
    gone.abort();
    // Between two pulls the iterator is paused and does not see the signal.
    await iterator.return?.();
  }

  return new ReadableStream<Uint8Array>({
    start(controller): void {
      // An id without data is no event, but EventSource keeps it: a client that
      // loses the connection before the first event misses nothing either.
      controller.enqueue(encode(`retry: 1000\nid: ${changes.from}`));
      heartbeat = setInterval(() => {
        if (controller.desiredSize! > 0) return controller.enqueue(encode(":"));
        if (isStuck) {
          // Not as an error: Deno prints it, and a full stderr stops the process.
          controller.close();
          end();
        }
        isStuck = true;
      }, heartbeatMs);
    },
    async pull(controller): Promise<void> {
      isStuck = false;
      try {
        const { value, done } = await iterator.next();
        if (gone.signal.aborted) return;
        if (!done) return controller.enqueue(encode(fieldsOf(value)));
      } catch (error) {
        // The program logs an unhandled rejection.
        void Promise.reject(error);
        if (gone.signal.aborted) return;
      }
      controller.close();
      finish();
    },
    cancel: end,
  });
}

function takePlace(open: Open, gone: AbortController, client: string): void {
  const ofClient = [...open.values().filter((other) => other === client)];
  if (open.size >= MAX_STREAMS || ofClient.length >= MAX_STREAMS_OF_CLIENT) {
    throw new Problem(
      "unavailable",
      `Cannot open another stream of events: ${MAX_STREAMS} are open, or ${MAX_STREAMS_OF_CLIENT} from this address`,
      { headers: { "Retry-After": "10" } },
    );
  }
  open.set(gone, client);
}

const encoder = new TextEncoder();

function encode(fields: string): Uint8Array {
  return encoder.encode(`${fields}\n\n`);
}

/** Writes a change as the fields of an event. JSON has no line breaks in it. */
function fieldsOf<Fields>(change: Change<Fields>): string {
  const { id, event } = change;
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(dataOf(change))}`;
}

function dataOf<Fields>(change: Change<Fields>): unknown {
  if (change.event === "reset") return {};
  return change.event === "deleted" ? { id: change.valueId } : change.value;
}
