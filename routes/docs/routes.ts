/**
 * Documents the API, for machines and for people.
 *
 * @module
 */

import { jsonDocument } from "../../http/document.ts";
import { htmlPage } from "../../http/html_page.ts";
import css from "../page.css" with { type: "text" };
import pageScript from "../page.js" with { type: "text" };
import { type Route, route } from "../router.ts";
import body from "./docs.html" with { type: "text" };
import script from "./docs.js" with { type: "text" };
import { openApiDocument, type OpenApiOptions } from "./openapi.ts";
import { NOT_MODIFIED, pageResponse, problems, response } from "./operation.ts";

/**
 * Creates the routes `GET /openapi.json` and `GET /docs`.
 *
 * The page contains the document and loads nothing else, so it works offline. The
 * document is made at the first request: it describes these two routes as well.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "../router.ts";
 *
 * const options = { name: "tasks-api", version: "2.1", routes: [], resources: [] };
 * const serve = router(docsRoutes(options));
 * const response = await serve(new Request("http://localhost/openapi.json"));
 *
 * assertEquals((await response.json()).openapi, "3.1.1");
 * ```
 */
export function docsRoutes(options: OpenApiOptions): Route[] {
  const page = htmlPage({ css, script: pageScript + script });
  const title = `${options.name}: documentation`;
  return [
    route(
      "GET /docs",
      page(() => {
        const document = JSON.stringify(openApiDocument(options));
        // In a script element nothing but "<" could end the data.
        const data = document.replaceAll("<", String.raw`\u003c`);
        const element =
          `<script type="application/json" id="openapi">${data}</script>`;
        return { title, body: `${linkPlayground(options)}\n${element}` };
      }),
      DOCS,
    ),
    route(
      "GET /openapi.json",
      jsonDocument(
        () => openApiDocument(options),
        "application/openapi+json",
      ),
      OPENAPI,
    ),
  ];
}

/** Links the playground where it exists. */
function linkPlayground({ routes }: OpenApiOptions): string {
  const exists = routes.some(({ path }) => path === "/playground");
  const link = exists ? '· <a href="/playground">Playground</a>' : "";
  return body.replace("{playground}", link);
}

const DOCS = {
  operationId: "getDocs",
  tags: ["Documentation"],
  summary: "Read about this API, and try it",
  description: "A page that loads nothing else and works offline.",
  responses: {
    200: pageResponse("This document as a page"),
    304: NOT_MODIFIED,
    ...problems(),
  },
};

const OPENAPI = {
  operationId: "getOpenApi",
  tags: ["Documentation"],
  summary: "Get this document",
  description: "OpenAPI 3.1.",
  responses: {
    200: response("The document", ["ETag"], {
      "application/openapi+json": { schema: { type: "object" } },
    }),
    304: NOT_MODIFIED,
    ...problems(),
  },
};
