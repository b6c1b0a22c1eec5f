/**
 * The page at the address of the server.
 *
 * @module
 */

import {
  escapeHtml,
  htmlOrJson,
  type HtmlPage,
  htmlPage,
} from "../http/document.ts";
import type { OpenApiOptions } from "./docs/openapi.ts";
import script from "./live.js" with { type: "text" };
import css from "./page.css" with { type: "text" };
import pageScript from "./page.js" with { type: "text" };
import type { Resource } from "./resource/declaration.ts";
import { type Operation, type Route, route } from "./router.ts";

/** Options for {@linkcode homeRoutes}. */
export interface HomeOptions extends OpenApiOptions {
  /**
   * Whether browsers get the items of the first resource in place of the links.
   *
   * @default {false}
   */
  readonly live?: boolean;
}

/**
 * Creates the route `GET /`: links to the other routes, as a page for browsers and as
 * JSON for other clients.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { route, router } from "./router.ts";
 *
 * const routes = [route("GET /ping", () => new Response("pong"))];
 * const options = { name: "tasks-api", version: "2.1", routes, resources: [] };
 * const serve = router([...routes, ...homeRoutes(options)]);
 * const response = await serve(new Request("http://localhost/"));
 *
 * assertEquals((await response.json()).links, { ping: "/ping" });
 * ```
 */
export function homeRoutes(options: HomeOptions): Route[] {
  const { name, version, live, publicUrl = "", resources: [first] } = options;
  const page = live && first
    ? () => livePage(first, linksOf(options))
    : () => ({ title: name, body: overview(options), css });
  const home = htmlOrJson(htmlPage(page), () => {
    const links = linksOf(options);
    const paths = links.map(([name, path]) => [name, publicUrl + path]);
    return { name, version, links: Object.fromEntries(paths) };
  });
  return [route("GET /", home, HOME)];
}

type Link = readonly [name: string, path: string, title: string, text: string];

/** Links what exists: the resources come after the pages for people. */
function linksOf({ routes, resources }: OpenApiOptions): Link[] {
  const own = resources.map(({ name, description }): Link => {
    return [name, `/${name}`, capitalize(name), description];
  });
  const links: Link[] = [
    ["docs", "/docs", "Documentation", "Every request, ready to send"],
    ["playground", "/playground", "Playground", "CORS at work in this browser"],
    ...own,
    ["openapi", "/openapi.json", "OpenAPI", "The documentation for machines"],
    ["problems", "/problems", "Problems", "What each error means"],
    ["health", "/readyz", "Health", "Whether the server accepts requests"],
    ["ping", "/ping", "Ping", "Whether the server responds"],
  ];
  const paths = new Set(routes.map(({ path }) => path));
  return links.filter(([, path]) => paths.has(path));
}

function capitalize(name: string): string {
  return name[0]!.toUpperCase() + name.slice(1);
}

/**
 * The items of a resource. Its script makes the form from the JSON Schema, and the
 * list follows the events, so it shows changes of others immediately.
 */
function livePage(resource: Resource, links: readonly Link[]): HtmlPage {
  const { name, title, description, input } = resource;
  const anchors = links.map(([, path, title]) =>
    `<a href="${path}">${title}</a>`
  );
  const heading = capitalize(name);
  const body = `<header>
<p class="note">${anchors.join(" · ")}</p>
<h1>${heading}</h1>
<p class="muted">${escapeHtml(description)}</p>
<noscript><p>This page needs JavaScript.</p></noscript>
</header>
<main>
<div id="new" class="card fold"></div>
<p><strong id="state" role="status">Connecting</strong></p>
<div id="items"></div>
</main>`;
  const data = { name, title, schema: input };
  return { title: heading, body, data, css, script: pageScript + script };
}

function overview(options: OpenApiOptions): string {
  const { name, version } = options;
  const cards = linksOf(options).map(([, path, title, text]) =>
    `<a class="card" href="${path}">
<strong>${title}</strong>
<span class="muted">${escapeHtml(text)}</span>
<span class="mono">${path}</span>
</a>`
  );
  return `<header>
<p class="note">Version ${escapeHtml(version)}</p>
<h1>${escapeHtml(name)}</h1>
<p class="muted">This server runs an API:</p>
</header>
<main>
${cards.join("\n")}
</main>`;
}

const HOME: Operation = {
  operationId: "getHome",
  tags: ["Documentation"],
  summary: "List the links",
  description: "A page for browsers, JSON for other clients.",
  responses: {
    200: {
      description: "Links",
      json: {
        type: "object",
        required: ["name", "version", "links"],
        properties: {
          name: { type: "string" },
          version: { type: "string" },
          links: {
            type: "object",
            description: "Addresses by name.",
            additionalProperties: { type: "string", format: "uri-reference" },
          },
        },
      },
      html: true,
    },
  },
};
