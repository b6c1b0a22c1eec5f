/**
 * The page at the address of the server.
 *
 * @module
 */

import { escapeHtml } from "../http/escape_html.ts";
import { htmlOrJson, htmlPage } from "../http/html_page.ts";
import type { OpenApiOptions } from "./docs/openapi.ts";
import { livePage } from "./live/live_page.ts";
import css from "./page.css" with { type: "text" };
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
 * import { pingRoutes } from "./ping.ts";
 * import { router } from "./router.ts";
 *
 * const routes = pingRoutes();
 * const options = { name: "tasks-api", version: "2.1", routes, resources: [] };
 * const serve = router([...routes, ...homeRoutes(options)]);
 * const response = await serve(new Request("http://localhost/"));
 *
 * assertEquals(await response.json(), {
 *   name: "tasks-api",
 *   version: "2.1",
 *   links: { ping: "/ping" },
 * });
 * ```
 */
export function homeRoutes(options: HomeOptions): Route[] {
  const { name, version, live, publicUrl = "", resources: [first] } = options;
  const page = live && first
    ? livePage(first, () => linksOf(options).map(anchor).join(" · "))
    : htmlPage({ css })(() => ({ title: name, body: overview(options) }));
  const home = htmlOrJson(page, () => {
    const links = Object.fromEntries(
      linksOf(options).map(([name, path]) => [name, publicUrl + path]),
    );
    return { name, version, links };
  });
  return [route("GET /", home, HOME)];
}

type Link = readonly [name: string, path: string, title: string, text: string];

/** Links what exists: the resources come after the pages for people. */
function linksOf({ routes, resources }: HomeOptions): Link[] {
  const own = resources.map(({ name, description }): Link => {
    const title = name[0]!.toUpperCase() + name.slice(1);
    return [name, `/${name}`, title, description];
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

function anchor([, path, title]: Link): string {
  return `<a href="${path}">${title}</a>`;
}

function overview(options: HomeOptions): string {
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
