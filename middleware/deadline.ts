/**
 * Limits the time that a request may take.
 *
 * @module
 */

import { createExpiry } from "../http/expiry.ts";
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
   * @default {Date.now}
   */
  now?: () => number;
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
  const { ms, signal, now } = options;
  const expiry = createExpiry(ms, now);
  const end = (): void => expiry[Symbol.dispose]();
  signal.aborted ? end() : signal.addEventListener("abort", end);

  return function deadline(request, next): Promise<Response> {
    const stop = new Stop();
    const state = requestState(request);
    state.signal = stop.signal;

    return new Promise((resolve, reject) => {
      const entry = expiry.add((isEnd) => {
        const problem = isEnd ? ENDED : late(ms, state.receiving());
        reject(problem);
        stop.abort(problem);
      });
      // Not finally(): it makes three promises of one, which cost 0.3 µs.
      next().then((response) => {
        expiry.remove(entry);
        if (stop.problem !== undefined) discard(response);
        resolve(response);
      }, (error) => {
        expiry.remove(entry);
        reject(error);
      });
    });
  };
}

/**
 * Tells work to stop. The controller is made for who asks for its signal: most
 * requests end before.
 *
 * It knows nothing of its request. What hangs on a request must not lead back to it
 * and to all of its layers: that kept thousands of them alive for the collector,
 * which took 4 µs a request.
 */
class Stop {
  problem: Problem | undefined;
  #controller: AbortController | undefined;

  readonly signal = (): AbortSignal => {
    this.#controller ??= new AbortController();
    if (this.problem !== undefined) this.#controller.abort(this.problem);
    return this.#controller.signal;
  };

  abort(problem: Problem): void {
    this.problem = problem;
    this.#controller?.abort(problem);
  }
}

/** Frees what the body of a late response holds: a file, a connection. */
function discard(response: Response | undefined): void {
  response?.body?.cancel().catch(() => {});
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
