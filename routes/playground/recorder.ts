/**
 * Records what the server sent to the playground.
 *
 * @module
 */

import { requestState } from "../../http/request_state.ts";

/** A response, with the method of its request. Header names are in lower case. */
export type Exchange = Pick<Request, "method"> & Pick<Response, "status"> & {
  headers: Record<string, string>;
  body: string;
  /** Why CORS refused the request, as in the log, or empty. */
  corsReason: string;
};

/**
 * Records responses to requests that name a run of the playground in their address,
 * as in `/ping?run=1`: a preflight and a page that may read nothing have only that
 * in common. The last 50 are kept.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const recorder = new Recorder();
 * const request = new Request("http://localhost/ping?run=1");
 * await recorder.listen(request, async () => Response.json({ ok: true }));
 *
 * assertEquals(recorder.find("1")[0]?.body, '{"ok":true}');
 * ```
 */
export class Recorder {
  readonly #runs: [run: string, Exchange][] = [];

  /** The middleware that records. It is the outermost layer. */
  listen = async (
    request: Request,
    next: () => Promise<Response>,
  ): Promise<Response> => {
    const response = await next();
    const run = /\?run=([\w-]{1,40})$/.exec(request.url)?.[1];
    // Only JSON is read: a stream of events may never end.
    const type = response.headers.get("Content-Type") ?? "json";
    if (run === undefined || !type.includes("json")) return response;

    const { status } = response;
    const headers = Object.fromEntries(response.headers);
    const body = await response.text();
    const { method } = request;
    const { corsReason } = requestState(request);
    this.#runs.push([run, { method, status, headers, body, corsReason }]);
    if (this.#runs.length > 50) this.#runs.shift();
    // Not a clone: that would be a stream, which is sent without its length.
    return response.body === null ? response : new Response(body, response);
  };

  /** Returns what the server sent in a run, in order. */
  find(run: string): Exchange[] {
    return this.#runs.filter(([name]) => name === run).map(([, sent]) => sent);
  }
}
