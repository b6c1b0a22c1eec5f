/**
 * Limits the time that a request may take.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode deadline}. */
export interface DeadlineOptions {
  /** Milliseconds until the layers below must have answered. */
  ms: number;
  /** Aborts when the server ends: whoever waits then is told so. */
  signal: AbortSignal;
  /**
   * Clock that returns milliseconds. Tests pass a fixed one.
   *
   * @default {performance.now}
   */
  now?: () => number;
}

/** A request that has not been answered yet. */
interface Pending {
  readonly until: number;
  readonly expire: (isEnd?: boolean) => void;
}

/**
 * Creates a layer that gives up on a request after a while: with 408 where its
 * body has not arrived, otherwise with 504; and with 503 where the server ends.
 *
 * The work is told to stop through `requestState(request).signal()`. A body that is
 * streamed to the client after the response has begun may take as long as it likes.
 *
 * @example Usage
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Problem } from "../http/problem.ts";
 * import { compose } from "./compose.ts";
 *
 * const server = new AbortController();
 * const serve = compose(
 *   [deadline({ ms: 10, signal: server.signal })],
 *   () => new Promise(() => {}),
 * );
 *
 * await assertRejects(
 *   () => serve(new Request("http://localhost/")),
 *   Problem,
 *   "Cannot answer within 10 ms",
 * );
 * server.abort();
 * ```
 *
 * @param options How long, and until when.
 * @returns The layer. It rejects with a {@linkcode Problem} when time is up.
 */
export function deadline(options: DeadlineOptions): Middleware {
  const { ms, signal, now = () => performance.now() } = options;
  const pending = new Set<Pending>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    for (const { expire } of pending) expire(true);
    pending.clear();
  });

  // One timer for all: each request has the same time, so the first that came is
  // the first to expire. A timer for each would cost 2 µs a request, this 0.3.
  function expireFirst(): void {
    timer = undefined;
    for (const entry of pending) {
      const left = entry.until - now();
      if (left > 0) {
        timer = setTimeout(expireFirst, left);
        return;
      }
      pending.delete(entry);
      entry.expire();
    }
  }

  return function deadline(request, next): Promise<Response> {
    let stop: AbortController | undefined;
    let problem: Problem | undefined;
    const state = requestState(request);
    // Made for who asks: most requests end before anybody does.
    state.signal = () => {
      stop ??= new AbortController();
      if (problem !== undefined) stop.abort(problem);
      return stop.signal;
    };

    return new Promise((resolve, reject) => {
      const entry = {
        until: now() + ms,
        expire(isEnd = false): void {
          problem = isEnd ? ENDED : late(ms, state.receiving());
          reject(problem);
          stop?.abort(problem);
        },
      };
      pending.add(entry);
      if (!signal.aborted) timer ??= setTimeout(expireFirst, ms);
      // Not finally(): it makes three promises of one, which cost 0.3 µs.
      next().then((response) => {
        pending.delete(entry);
        if (problem !== undefined) discard(response);
        resolve(response);
      }, (error) => {
        pending.delete(entry);
        reject(error);
      });
    });
  };
}

/** Frees what the body of a late response holds: a file, a connection. */
function discard({ body }: Response): void {
  body?.cancel().catch(() => {});
}

const ENDED = new Problem(
  "unavailable",
  "Cannot answer any more: the server is shutting down",
  { headers: { "Retry-After": "1" } },
);

function late(ms: number, receiving: boolean): Problem {
  return receiving
    ? new Problem("request-timeout", `Cannot read the body within ${ms} ms`, {
      headers: { "Connection": "close" },
    })
    : new Problem("deadline-passed", `Cannot answer within ${ms} ms`);
}
