/**
 * Documents the API, for machines and for people.
 *
 * @module
 */

import { htmlPage } from "../../http/html_page.ts";
import pageCss from "../page.css" with { type: "text" };
import { type Route, route } from "../router.ts";
import css from "./docs.css" with { type: "text" };
import body from "./docs.html" with { type: "text" };
import script from "./docs.js" with { type: "text" };
import { openApiDocument, type OpenApiOptions } from "./openapi.ts";

/**
 * Creates the routes `GET /openapi.json` and `GET /docs`.
 *
 * The page has the document in it and loads nothing else, so it works offline.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "../router.ts";
 *
 * const options = { name: "tasks-api", version: "2.1", resources: [] };
 * const serve = router(docsRoutes(options));
 * const response = await serve(new Request("http://localhost/openapi.json"));
 *
 * assertEquals((await response.json()).openapi, "3.1.1");
 * ```
 *
 * @param options What to document.
 * @returns The routes.
 */
export function docsRoutes(options: OpenApiOptions): Route[] {
  const json = JSON.stringify(openApiDocument(options));
  const page = htmlPage({ css: pageCss + css, script });
  const content = {
    title: `${options.name}: documentation`,
    // In a script element nothing but "<" could end the data.
    body: `${body}
<script type="application/json" id="openapi">${
      json.replaceAll("<", String.raw`\u003c`)
    }</script>`,
  };
  return [
    route("GET /docs", () => page(content)),
    route("GET /openapi.json", () => {
      const response = new Response(json);
      response.headers.set("Content-Type", "application/openapi+json");
      return response;
    }),
  ];
}
