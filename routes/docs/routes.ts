/**
 * Documents the API, for machines and for people.
 *
 * @module
 */

import { htmlPage, jsonDocument } from "../../http/document.ts";
import css from "../page.css" with { type: "text" };
import pageScript from "../page.js" with { type: "text" };
import { type Operation, type Route, route } from "../router.ts";
import html from "./docs.html" with { type: "text" };
import script from "./docs.js" with { type: "text" };
import { openApi, type OpenApiOptions } from "./openapi.ts";

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
  const describe = openApi(options);
  const json = jsonDocument(describe, "application/openapi+json");
  const page = htmlPage(() => {
    const has = options.routes.some(({ path }) => path === "/playground");
    return {
      title: `${options.name}: documentation`,
      body: has ? html : html.replace(PLAYGROUND, ""),
      data: describe(),
      css,
      script: pageScript + script,
    };
  });

  return [
    route("GET /docs", page, DOCS),
    route("GET /openapi.json", json, OPENAPI),
  ];
}

/** The link in docs.html to a page that exists in development only. */
const PLAYGROUND = /· <a href="\/playground">.*<\/a>/;

const DOCS: Operation = {
  operationId: "getDocs",
  tags: ["Documentation"],
  summary: "Read about this API, and try it",
  description: "A page that loads nothing else and works offline.",
  responses: {
    200: { description: "This document as a page", html: true },
  },
};

const OPENAPI: Operation = {
  operationId: "getOpenApi",
  tags: ["Documentation"],
  summary: "Get this document",
  description: "OpenAPI 3.1.",
  responses: {
    200: {
      description: "The document",
      headers: ["ETag"],
      content: { "application/openapi+json": { schema: { type: "object" } } },
    },
  },
};
