/**
 * Gives every request an identifier.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates a layer that identifies each request, in `X-Request-Id`.
 *
 * Place it first: every log line and every problem can then name the request. The
 * client's own identifier is kept where it is 1 to 128 of `A-Z a-z 0-9 _ . = -`;
 * anything else could break a log line or a header, and is replaced.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([requestId()], () => new Response("pong"));
 * const response = await serve(
 *   new Request("http://localhost/", { headers: { "X-Request-Id": "abc-1" } }),
 * );
 *
 * assertEquals(response.headers.get("X-Request-Id"), "abc-1");
 * ```
 *
 * @returns The layer.
 */
export function requestId(): Middleware {
  return async function requestId(request, next): Promise<Response> {
    const sent = request.headers.get("X-Request-Id");
    const id = sent !== null && VALID.test(sent) ? sent : crypto.randomUUID();
    requestState(request).id = id;

    return withHeaders(await next(), (headers) => {
      headers.set("X-Request-Id", id);
    });
  };
}

const VALID = /^[\w.=-]{1,128}$/;
