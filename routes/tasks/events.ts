/**
 * Tells clients what changes, as it changes: server-sent events
 * ({@link https://html.spec.whatwg.org/multipage/server-sent-events.html | HTML, 9.2}).
 *
 * @module
 */

import { Problem } from "../../http/problem.ts";
import { type Route, route } from "../router.ts";
import { type Change, CHANGE_ID, type TaskStore } from "./store.ts";
import { withStoreProblems } from "./store_problems.ts";

/** Options for {@linkcode eventRoutes}. */
export interface EventOptions {
  /** Ends every stream when it aborts. */
  stopping: AbortSignal;
  /**
   * Milliseconds between comments that keep proxies awake.
   *
   * @default {15_000}
   */
  heartbeatMs?: number;
}

/** Streams that may be open at once. Each holds a connection, read or not. */
const MOST_STREAMS = 1_000;

/**
 * Creates the route `GET /tasks/events`.
 *
 * A client that was away sends the last `id` it saw in `Last-Event-ID`, as
 * `EventSource` does by itself, and gets everything since, once and in order.
 * Where the log no longer reaches that far, `event: reset` tells it to list again.
 *
 * @param store Tells what changes.
 * @param options When to end, and how often to say that nothing happened.
 * @returns The routes.
 */
export function eventRoutes(store: TaskStore, options: EventOptions): Route[] {
  const open = new Set<unknown>();
  return [
    route("GET /tasks/events", async (request) => {
      const after = readLastEventId(request);
      // A stream has no length to tell: HEAD gets the headers alone.
      const body = request.method === "HEAD"
        ? ""
        : await openStream(store, after, { ...options, open });
      return new Response(body, { headers: HEADERS });
    }),
  ].map(withStoreProblems);
}

const HEADERS = {
  "Content-Type": "text/event-stream",
  "Cache-Control": "no-store",
  // Asks nginx and those who follow it to pass each event on at once.
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

async function openStream(
  store: TaskStore,
  after: string | undefined,
  options: EventOptions & { open: Set<unknown> },
): Promise<ReadableStream<Uint8Array>> {
  const { stopping, heartbeatMs = 15_000, open } = options;
  if (open.size >= MOST_STREAMS) throw tooManyStreams();
  const gone = new AbortController();
  const signal = AbortSignal.any([stopping, gone.signal]);
  const changes = await store.changes({ after, signal });
  const iterator = changes[Symbol.asyncIterator]();
  open.add(gone);
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  let isStuck = false;

  function finish(): void {
    clearInterval(heartbeat);
    open.delete(gone);
  }

  async function end(): Promise<void> {
    finish();
    gone.abort();
    // Between two pulls the iterator stands still and does not see the signal.
    await iterator.return?.();
  }

  return new ReadableStream<Uint8Array>({
    start(controller): void {
      // An id without data is no event, but EventSource remembers it: who loses
      // the connection before the first event misses nothing either.
      controller.enqueue(encode(`retry: 1000\nid: ${changes.from}`));
      heartbeat = setInterval(() => {
        if (controller.desiredSize! > 0) return controller.enqueue(encode(":"));
        if (isStuck) {
          controller.error(new Error("Cannot send events: nobody reads them"));
          end();
        }
        isStuck = true;
      }, heartbeatMs);
    },
    async pull(controller): Promise<void> {
      isStuck = false;
      try {
        const { value, done } = await iterator.next();
        if (!done) return controller.enqueue(encode(fieldsOf(value)));
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      finish();
    },
    cancel: end,
  });
}

function tooManyStreams(): Problem {
  return new Problem(
    "unavailable",
    `Cannot follow the tasks: ${MOST_STREAMS} clients do so already`,
    { headers: { "Retry-After": "10" } },
  );
}

const encoder = new TextEncoder();

function encode(fields: string): Uint8Array {
  return encoder.encode(`${fields}\n\n`);
}

/** Writes a change as the fields of an event. JSON has no line breaks in it. */
function fieldsOf(change: Change): string {
  const { id, event } = change;
  return `event: ${event}\nid: ${id}\ndata: ${JSON.stringify(dataOf(change))}`;
}

function dataOf(change: Change): unknown {
  if (change.event === "reset") return {};
  return change.event === "deleted" ? { id: change.taskId } : change.task;
}
