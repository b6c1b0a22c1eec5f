/**
 * Tells clients what changes, as it changes: server-sent events
 * ({@link https://html.spec.whatwg.org/multipage/server-sent-events.html | HTML, 9.2}).
 *
 * @module
 */

import {
  type ServerSentEventMessage,
  ServerSentEventStream,
} from "@std/http/server-sent-event-stream";
import { Problem } from "../../http/problem.ts";
import { type Route, route } from "../router.ts";
import type { Change, TaskStore } from "./store.ts";
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
  return [
    route("GET /tasks/events", async (request) => {
      const after = readLastEventId(request);
      // A stream has no length to tell: HEAD gets the headers alone.
      const body = request.method === "HEAD"
        ? null
        : await openStream(store, after, options);
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
  if (id === null || /^[0-9a-f]{20}$/.test(id)) return id ?? undefined;
  throw new Problem("invalid-header", "Cannot read Last-Event-ID", {
    errors: [{
      header: "Last-Event-ID",
      detail: "Must be the id of an event, 20 hex digits, or be left out",
    }],
  });
}

async function openStream(
  store: TaskStore,
  after: string | undefined,
  { stopping, heartbeatMs = 15_000 }: EventOptions,
): Promise<ReadableStream<Uint8Array>> {
  const gone = new AbortController();
  const signal = AbortSignal.any([stopping, gone.signal]);
  const changes = await store.changes({ after, signal });
  const iterator = changes[Symbol.asyncIterator]();
  let heartbeat: ReturnType<typeof setInterval> | undefined;

  return new ReadableStream<ServerSentEventMessage>({
    start(controller): void {
      // An id without data is no event, but EventSource remembers it: who loses
      // the connection before the first event misses nothing either.
      controller.enqueue({ id: changes.from, retry: 1000 });
      heartbeat = setInterval(() => {
        if (controller.desiredSize! > 0) controller.enqueue({ comment: "" });
      }, heartbeatMs);
    },
    async pull(controller): Promise<void> {
      try {
        const { value, done } = await iterator.next();
        if (!done) return controller.enqueue(messageOf(value));
        controller.close();
      } catch (error) {
        controller.error(error);
      }
      clearInterval(heartbeat);
    },
    async cancel(): Promise<void> {
      clearInterval(heartbeat);
      gone.abort();
      // Between two pulls the iterator stands still and does not see the signal.
      await iterator.return?.();
    },
  }).pipeThrough(new ServerSentEventStream());
}

function messageOf(change: Change): ServerSentEventMessage {
  const { id, event } = change;
  return { id, event, data: JSON.stringify(dataOf(change)) };
}

function dataOf(change: Change): unknown {
  if (change.event === "reset") return {};
  return change.event === "deleted" ? { id: change.taskId } : change.task;
}
