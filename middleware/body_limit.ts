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
 * in an error where it grows too large.
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
  return async function bodyLimit(request, next): Promise<Response> {
    const { method, headers } = request;
    if (method === "GET" || method === "HEAD" || request.body === null) {
      return await next();
    }
    const announced = headers.get("Content-Length");
    if (Number(announced) > limit) throw tooLarge(limit);

    const state = requestState(request);
    state.receiving = true;
    const body = request.body.pipeThrough(counted(limit, () => {
      state.receiving = false;
    }));
    return await next(new Request(request, { body }));
  };
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
