/**
 * The page at the address of the server.
 *
 * @module
 */

import { escapeHtml } from "../http/escape_html.ts";
import { htmlOrJson, htmlPage } from "../http/html_page.ts";
import { json, members, problems, response } from "./docs/operation.ts";
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
}

/**
 * Creates the route `GET /`: links to what is here, as a page for browsers and as
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
 *
 * @param options What to link.
 * @returns The routes.
 */
export function homeRoutes(options: HomeOptions): Route[] {
  const { name, version } = options;
  const page = htmlPage({ css });

  return [
    route("GET /", (request) => {
      const links = linksOf(options);
      const entries = links.map(({ rel, path }) => [rel, path]);
      const body = { name, version, links: Object.fromEntries(entries) };
      const html = { title: name, body: bodyOf(options, links) };
      return htmlOrJson(request, () => page(html), body);
    }, HOME),
  ];
}

function linksOf({ routes, resources }: HomeOptions): Link[] {
  const paths = new Set(routes.map(({ path }) => path));
  return [...LINKS, ...resources.map(linkTo), ...MACHINE_LINKS]
    .filter(({ path }) => paths.has(path));
}

interface Link {
  readonly rel: string;
  readonly path: string;
  readonly text: string;
}

function linkTo({ name, description }: Resource): Link {
  return { rel: name, path: `/${name}`, text: description };
}

const LINKS: readonly Link[] = [
  {
    rel: "docs",
    path: "/docs",
    text: "Every request, explained and ready to send",
  },
  {
    rel: "playground",
    path: "/playground",
    text: "See CORS at work in this browser",
  },
];

const MACHINE_LINKS: readonly Link[] = [
  {
    rel: "openapi",
    path: "/openapi.json",
    text: "The documentation for machines, OpenAPI 3.1",
  },
  { rel: "problems", path: "/problems", text: "What each error means" },
  {
    rel: "health",
    path: "/readyz",
    text: "Whether the server takes requests",
  },
  { rel: "ping", path: "/ping", text: "Whether the server responds" },
];

function bodyOf(
  { name, version }: HomeOptions,
  links: readonly Link[],
): string {
  const items = links.map(({ path, text }) =>
    `<li><a class="card" href="${path}"><span class="mono">${path}</span> <span class="muted">${
      escapeHtml(text)
    }</span></a></li>`
  );
  return `<header>
<p class="eyebrow">Version ${escapeHtml(version)}</p>
<h1>${escapeHtml(name)}</h1>
<p class="lead">This server runs an API:</p>
</header>
<main>
<ul class="tiles">
${items.join("\n")}
</ul>
</main>`;
}

const HOME = {
  operationId: "getHome",
  tags: ["Documentation"],
  summary: "List what is here",
  description: "A page for browsers, JSON for other clients.",
  responses: {
    200: response(
      "Links",
      [
        "Content-Security-Policy",
        "Referrer-Policy",
        "X-Content-Type-Options",
      ],
      {
        ...json(
          members("What is here.", {
            name: { type: "string" },
            version: { type: "string" },
            links: {
              type: "object",
              description: "Paths by name.",
              additionalProperties: { type: "string", format: "uri-reference" },
            },
          }),
          {
            links: {
              name: "tasks-api",
              version: "2.1",
              links: { docs: "/docs" },
            },
          },
        ),
        "text/html": { schema: { type: "string" } },
      },
    ),
    ...problems(),
  },
};
