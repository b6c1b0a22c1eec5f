/**
 * Limits the size of request bodies.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates a layer that refuses bodies with more than `limit` bytes.
 *
 * A body that announces its length is refused before a byte of it is read. Any
 * other is counted while a route reads it, however the route does that, and ends
 * in an error where it grows too large, or where its request takes too long.
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
 * await assertRejects(() => serve(request), Problem, "more than 4 bytes");
 * ```
 *
 * @param limit Bytes that a body may have.
 * @returns The layer. It rejects with a {@linkcode Problem} (413) where a body is
 * announced to be larger.
 */
export function bodyLimit(limit: number): Middleware {
  return function bodyLimit(request, next): Promise<Response> {
    const { method, headers } = request;
    if (method === "GET" || method === "HEAD" || request.body === null) {
      return next();
    }
    const announced = headers.get("Content-Length");
    if (Number(announced) > limit) throw tooLarge(limit);

    const state = requestState(request);
    let arrived = false;
    const counter = counted(limit, () => {
      arrived = true;
    });
    const { body: source } = request;
    // Whoever still waits for the body when the time is up waits no longer.
    const body = ReadableStream.from(
      lazy(() => source.pipeThrough(counter, optionsOf(state.signal()))),
    );
    const limited = new Request(request, { body });
    state.receiving = () => limited.bodyUsed && !arrived;
    return next(limited);
  };
}

function optionsOf(signal: AbortSignal | undefined): StreamPipeOptions {
  return signal ? { signal } : {};
}

/**
 * Opens a stream when it is read for the first time. What no route reads stays as
 * Deno gave it, and Deno lets it go with the connection.
 */
async function* lazy<T>(open: () => ReadableStream<T>): AsyncGenerator<T> {
  yield* open();
}

function counted(
  limit: number,
  done: () => void,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let received = 0;
  return new TransformStream({
    transform(chunk, controller): void {
      received += chunk.byteLength;
      if (received > limit) throw tooLarge(limit);
      controller.enqueue(chunk);
    },
    flush: done,
  });
}

function tooLarge(limit: number): Problem {
  return new Problem(
    "body-too-large",
    `Cannot read the body: it has more than ${limit} bytes`,
  );
}
