/**
 * Identifies each request.
 *
 * @module
 */

import { requestState } from "../http/request_state.ts";
import { withHeaders } from "../http/with_headers.ts";
import type { Middleware } from "./compose.ts";

/**
 * Creates middleware that gives each request an identifier, in `X-Request-Id`.
 *
 * Place it first, so that all log lines and problems contain the identifier. One
 * from the client is kept if it is 1 to 128 of `A-Z a-z 0-9 _ . = -`; any other
 * could break a log line or a header, and is replaced.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compose } from "./compose.ts";
 *
 * const serve = compose([requestId()], () => new Response("pong"));
 * const sent = { "X-Request-Id": "abc-1" };
 * const { headers } = await serve(new Request("http://localhost/", { headers: sent }));
 *
 * assertEquals(headers.get("X-Request-Id"), "abc-1");
 * ```
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
