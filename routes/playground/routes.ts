/**
 * Shows CORS in the reader's own browser, in development.
 *
 * @module
 */

import { htmlPage } from "../../http/html_page.ts";
import pageCss from "../page.css" with { type: "text" };
import pageScript from "../page.js" with { type: "text" };
import { type Route, route } from "../router.ts";
import frameScript from "./frame.js" with { type: "text" };
import css from "./playground.css" with { type: "text" };
import html from "./playground.html" with { type: "text" };
import script from "./playground.js" with { type: "text" };
import type { Recorder } from "./recorder.ts";

/** Options for {@linkcode playgroundRoutes}. */
export interface PlaygroundOptions {
  /** Origins that CORS allows. */
  allowedOrigins: "*" | readonly string[];
  /** Has recorded what the server sent. */
  recorder: Pick<Recorder, "find">;
}

/**
 * Creates the routes of the playground. Its page sends nothing across origins
 * itself: frames at the API's own origin, at its loopback twin and in a sandbox do,
 * and the page shows what they could read beside what was sent.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "../router.ts";
 * import { Recorder } from "./recorder.ts";
 *
 * const options = { allowedOrigins: [], recorder: new Recorder() };
 * const serve = router(playgroundRoutes(options));
 * const url = "http://localhost/playground/note";
 * const response = await serve(new Request(url, { method: "PATCH" }));
 *
 * assertEquals(await response.json(), { changes: 1 });
 * ```
 */
export function playgroundRoutes(options: PlaygroundOptions): Route[] {
  const allowed = [options.allowedOrigins].flat().join(" ");
  const content = { title: "CORS", body: html.replace("{allowed}", allowed) };
  const page = htmlPage({
    css: pageCss + css,
    script: pageScript + script,
    policy: { "frame-src": LOOPBACK },
  });
  const frame = htmlPage({
    css: "",
    script: frameScript,
    policy: { "connect-src": LOOPBACK, "frame-ancestors": LOOPBACK },
  });
  let changes = 0;
  const change = (): Response => Response.json({ changes: ++changes });

  return [
    route("GET /playground", page(() => content)),
    route(
      "GET /playground/frame",
      frame(() => ({ title: "Frame", body: "" })),
    ),
    route(
      "GET /playground/runs/:run",
      (_request, { run }) => Response.json(options.recorder.find(run)),
    ),
    route("PATCH /playground/note", change),
    route("PUT /playground/note", change),
    route("GET /playground/error", () => {
      throw new Error("The playground throws this on purpose");
    }),
  ];
}

// Any port: in a container the browser's port may differ from the server's.
const LOOPBACK = "http://localhost:* http://127.0.0.1:*";
