/**
 * Shows CORS in the reader's own browser, in development.
 *
 * @module
 */

import { htmlPage } from "../../http/document.ts";
import { requestState } from "../../http/request_state.ts";
import pageCss from "../page.css" with { type: "text" };
import pageScript from "../page.js" with { type: "text" };
import { type Route, route } from "../router.ts";
import frameScript from "./frame.js" with { type: "text" };
import css from "./playground.css" with { type: "text" };
import html from "./playground.html" with { type: "text" };
import script from "./playground.js" with { type: "text" };

/** The routes of the playground, and the middleware that records for it. */
export interface Playground {
  /** The routes. */
  readonly routes: Route[];
  /**
   * Records responses to requests that name a run of the playground in their address,
   * as in `/ping?run=1`: a preflight and a page that may read nothing have only that
   * in common. The last 50 are kept. It has to be the outermost layer.
   */
  record(request: Request, next: () => Promise<Response>): Promise<Response>;
}

/**
 * Creates the playground. Its page sends nothing across origins itself: frames at the
 * API's own origin, at its loopback twin and in a sandbox do, and the page shows what
 * they could read beside what was sent.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "../router.ts";
 *
 * const serve = router(createPlayground([]).routes);
 * const url = "http://localhost/playground/note";
 * const response = await serve(new Request(url, { method: "PATCH" }));
 *
 * assertEquals(await response.json(), { changes: 1 });
 * ```
 *
 * @param allowedOrigins Origins that CORS allows.
 */
export function createPlayground(
  allowedOrigins: readonly string[],
): Playground {
  const allowed = allowedOrigins.join(" ");
  const page = htmlPage(() => ({
    title: "CORS",
    body: html.replace("{allowed}", allowed),
    css: pageCss + css,
    script: pageScript + script,
    policy: { "frame-src": LOOPBACK },
  }));
  const frame = htmlPage(() => ({
    title: "Frame",
    body: "",
    css: "",
    script: frameScript,
    policy: { "connect-src": LOOPBACK, "frame-ancestors": LOOPBACK },
  }));
  let changes = 0;
  const change = (): Response => Response.json({ changes: ++changes });
  const sent: [run: string, exchange: object][] = [];

  return {
    routes: [
      route("GET /playground", page),
      route("GET /playground/frame", frame),
      route(
        "GET /playground/runs/:run",
        (_request, { run }) => {
          const ofRun = sent.filter(([name]) => name === run);
          return Response.json(ofRun.map(([, exchange]) => exchange));
        },
      ),
      route("PATCH /playground/note", change),
      route("PUT /playground/note", change),
      route("GET /playground/error", () => {
        throw new Error("The playground throws this on purpose");
      }),
    ],
    async record(request, next): Promise<Response> {
      const response = await next();
      const run = /\?run=([\w-]{1,40})$/.exec(request.url)?.[1];
      // Only JSON is read: a stream of events may never end.
      const type = response.headers.get("Content-Type") ?? "json";
      if (run === undefined || !type.includes("json")) return response;

      const { status } = response;
      const headers = Object.fromEntries(response.headers);
      const body = await response.text();
      const { method } = request;
      // Why CORS refused the request, as in the log, or empty.
      const { corsReason } = requestState(request);
      sent.push([run, { method, status, headers, body, corsReason }]);
      if (sent.length > 50) sent.shift();
      // Not a clone: that would be a stream, which is sent without its length.
      return response.body === null ? response : new Response(body, response);
    },
  };
}

// Any port: in a container the browser's port may differ from the server's.
const LOOPBACK = "http://localhost:* http://127.0.0.1:*";
