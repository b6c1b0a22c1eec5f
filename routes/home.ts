/**
 * The page at the address of the server.
 *
 * @module
 */

import { escapeHtml } from "../http/escape_html.ts";
import { type HtmlContent, htmlOrJson, htmlPage } from "../http/html_page.ts";
import {
  json,
  members,
  NOT_MODIFIED,
  pageResponse,
  problems,
} from "./docs/operation.ts";
import { livePage } from "./live/live_page.ts";
import css from "./page.css" with { type: "text" };
import type { Resource } from "./resource/declaration.ts";
import { type Route, route } from "./router.ts";

/** Options for {@linkcode homeRoutes}. */
export interface HomeOptions {
  /** Name of the app. */
  readonly name: string;
  /** Version of the app. */
  readonly version: string;
  /** The other routes. A path that is not among them is not linked. */
  readonly routes: readonly Route[];
  /** The resources, each with a link. */
  readonly resources: readonly Resource[];
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
  const { name, version, live, resources: [first] } = options;
  const page = live && first
    ? livePage(first, () => linkAll(options))
    : htmlPage({ css })(() => overview(options));
  const home = htmlOrJson(page, () => ({
    name,
    version,
    links: Object.fromEntries(linksOf(options)),
  }));
  return [route("GET /", home, HOME)];
}

type Link = readonly [rel: string, path: string, title: string, text: string];

const LINKS: readonly Link[] = [
  ["docs", "/docs", "Documentation", "Every request, ready to send"],
  ["playground", "/playground", "Playground", "CORS at work in this browser"],
];

const MACHINE_LINKS: readonly Link[] = [
  ["openapi", "/openapi.json", "OpenAPI", "The documentation for machines"],
  ["problems", "/problems", "Problems", "What each error means"],
  ["health", "/readyz", "Health", "Whether the server accepts requests"],
  ["ping", "/ping", "Ping", "Whether the server responds"],
];

function linksOf({ routes, resources }: HomeOptions): Link[] {
  const paths = new Set(routes.map(({ path }) => path));
  return [...LINKS, ...resources.map(linkTo), ...MACHINE_LINKS]
    .filter(([, path]) => paths.has(path));
}

function linkTo({ name, description }: Resource): Link {
  const title = name[0]!.toUpperCase() + name.slice(1);
  return [name, `/${name}`, title, description];
}

function linkAll(options: HomeOptions): string {
  return linksOf(options)
    .map(([, path, title]) => `<a href="${path}">${escapeHtml(title)}</a>`)
    .join(" · ");
}

function overview(options: HomeOptions): HtmlContent {
  const { name, version } = options;
  const cards = linksOf(options).map(([, path, title, text]) =>
    `<a class="card" href="${path}">
<strong>${escapeHtml(title)}</strong>
<span class="muted">${escapeHtml(text)}</span>
<span class="mono">${path}</span>
</a>`
  );
  const body = `<header>
<p class="note">Version ${escapeHtml(version)}</p>
<h1>${escapeHtml(name)}</h1>
<p class="muted">This server runs an API:</p>
</header>
<main>
${cards.join("\n")}
</main>`;
  return { title: name, body };
}

const HOME = {
  operationId: "getHome",
  tags: ["Documentation"],
  summary: "List the links",
  description: "A page for browsers, JSON for other clients.",
  responses: {
    200: pageResponse(
      "Links",
      json(members("Links by name.", {
        name: { type: "string" },
        version: { type: "string" },
        links: {
          type: "object",
          description: "Paths by name.",
          additionalProperties: { type: "string", format: "uri-reference" },
        },
      })),
    ),
    304: NOT_MODIFIED,
    ...problems(),
  },
};
