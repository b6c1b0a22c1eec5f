/**
 * Limits the size of request bodies.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that rejects bodies of more than `limit` bytes.
 *
 * A body whose `Content-Length` is too large is rejected before a byte of it is
 * read. Any other is collected while a route reads it, and fails when it grows too
 * large, consists of more than 10,000 tiny chunks, or is chunked and pauses for half a
 * second. The route gets it in one piece.
 *
 * Place it outside of `deadline()`, whose 504 becomes a 408 where the route still
 * waits for the body: then the client was slow.
 *
 * @example Usage
 * ```ts
 * import { assertRejects } from "@std/assert";
 * import { Problem } from "../http/problem.ts";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose(
 *   [bodyLimit(4)],
 *   async (request) => new Response(await request.text()),
 * );
 *
 * const request = new Request("http://localhost/", { method: "POST", body: "12345" });
 * await assertRejects(() => serve(request), Problem, "larger than 4 bytes");
 * ```
 *
 * @returns The middleware. It rejects with a {@linkcode Problem}: 413 for a body
 * that is too large or too finely chunked, 408 for one that pauses or does not arrive
 * before the deadline.
 */
export function bodyLimit(limit: number): Middleware {
  return function bodyLimit(request, next): Promise<Response> {
    const { method, headers, body } = request;
    if (method === "GET" || method === "HEAD" || body === null) return next();
    if (Number(headers.get("Content-Length")) > limit) throw tooLarge(limit);

    let arrived = false;
    // A generator, so that a body which no route reads stays as Deno gave it: Deno
    // releases that with the connection.
    async function* collected(): AsyncGenerator<Bytes> {
      const isChunked = headers.has("Transfer-Encoding");
      const { signal } = requestState(request);
      const bytes = await collect(body!, limit, isChunked, signal);
      arrived = true;
      yield bytes;
    }

    const limited = new Request(request, {
      body: ReadableStream.from(collected()),
    });
    return next(limited).catch((error) => {
      const isTimeout = error instanceof Problem &&
        error.type === "deadline-passed";
      throw isTimeout && limited.bodyUsed && !arrived ? TIMED_OUT : error;
    });
  };
}

type Bytes = Uint8Array<ArrayBuffer>;

/**
 * Copies a body into one buffer. Deno makes a new one of 64 kB for each chunk, even of
 * one byte, and a client may send tens of thousands of them: so it gets one to fill.
 */
async function collect(
  body: ReadableStream<Bytes>,
  limit: number,
  isChunked: boolean,
  signal: AbortSignal,
): Promise<Bytes> {
  const reader = readerOf(body);
  const failed = new AbortController();
  let bytes: Bytes = new Uint8Array(1024);
  let view: Bytes = new Uint8Array(VIEW_SIZE);
  let received = 0;
  let tiny = 0;
  let pause = 0;
  let timer: ReturnType<typeof setInterval> | undefined;

  // A read that waits is done then.
  function fail(reason: unknown): void {
    failed.abort(reason);
    reader.cancel(reason).catch(() => {});
  }

  function onPause(): void {
    if (++pause === MAX_PAUSE) fail(PAUSED);
  }

  const onAbort = (): void => fail(signal.reason);
  signal.addEventListener("abort", onAbort);
  if (signal.aborted) onAbort();
  if (isChunked) timer = setInterval(onPause, PAUSE_MS);
  try {
    for (;;) {
      const { value, done } = await reader.read(view);
      failed.signal.throwIfAborted();
      if (done) return bytes.subarray(0, received);
      const end = received + value.byteLength;
      if (end > limit) fail(tooLarge(limit));
      if (value.byteLength < TINY && ++tiny > MAX_TINY) fail(TOO_MANY);
      failed.signal.throwIfAborted();
      if (end > bytes.length) bytes = grow(bytes, end);
      bytes.set(value, received);
      received = end;
      pause = 0;
      view = new Uint8Array(value.buffer);
    }
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

const VIEW_SIZE = 4096;

/** Returns a reader that fills a view, or ignores it where a test made the stream. */
function readerOf(body: ReadableStream<Bytes>): ReadableStreamBYOBReader {
  try {
    return body.getReader({ mode: "byob" });
  } catch {
    return body.getReader() as unknown as ReadableStreamBYOBReader;
  }
}

// Deno reads the trailers of a chunked body into memory without a limit, and reports
// nothing meanwhile, so they look like a pause. In half a second they take 0.5 GB at
// 1 GB/s. Ticks are counted, so that the time of a blocked event loop does not count.
const PAUSE_MS = 100;
const MAX_PAUSE = 5;

/** Returns a buffer of at least twice the size, with the same beginning. */
function grow(bytes: Bytes, needed: number): Bytes {
  const larger = new Uint8Array(Math.max(needed, 2 * bytes.length));
  larger.set(bytes);
  return larger;
}

// A read costs microseconds whatever its size, and no other request is served while
// chunks of a byte follow each other. A client that writes each token of its JSON as a
// chunk stays below this.
const TINY = 16;
const MAX_TINY = 10_000;
const TOO_MANY = new Problem(
  "body-too-large",
  `The body has more than ${MAX_TINY} chunks of less than ${TINY} bytes`,
);

const TIMED_OUT = timeout("The body did not arrive before the deadline");
const PAUSED = timeout("The chunked body paused for half a second");

function timeout(detail: string): Problem {
  const headers = { "Connection": "close" };
  return new Problem("request-timeout", detail, { headers });
}

function tooLarge(limit: number): Problem {
  const detail = `The body is larger than ${limit} bytes`;
  return new Problem("body-too-large", detail);
}
