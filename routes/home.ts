/**
 * Says what is here, to whoever opens the address of the server.
 *
 * @module
 */

import { escapeHtml } from "../http/escape_html.ts";
import { htmlOrJson, htmlPage } from "../http/html_page.ts";
import css from "./page.css" with { type: "text" };
import { type Route, route } from "./router.ts";

/** Options for {@linkcode homeRoutes}. */
export interface HomeOptions {
  /** Name of the app. */
  name: string;
  /** Version of the app. */
  version: string;
  /** The other routes. What is not among them is not linked. */
  routes: readonly Route[];
}

/**
 * Creates the route `GET /`: links to what is here, as a page for browsers and as
 * JSON for everybody else.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pingRoutes } from "./ping.ts";
 * import { router } from "./router.ts";
 *
 * const routes = pingRoutes();
 * const options = { name: "tasks-api", version: "2.1", routes };
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
 * @param options What to say.
 * @returns The routes.
 */
export function homeRoutes(options: HomeOptions): Route[] {
  const { name, version, routes } = options;
  const paths = new Set(routes.map(({ path }) => path));
  const links = LINKS.filter(({ path }) => paths.has(path));
  const page = htmlPage({ css });
  const content = { title: name, body: bodyOf(options, links) };
  const json = {
    name,
    version,
    links: Object.fromEntries(links.map(({ rel, path }) => [rel, path])),
  };
  return [
    route("GET /", (request) => htmlOrJson(request, () => page(content), json)),
  ];
}

interface Link {
  readonly rel: string;
  readonly path: string;
  readonly text: string;
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
  { rel: "tasks", path: "/tasks", text: "The tasks, newest first" },
  {
    rel: "openapi",
    path: "/openapi.json",
    text: "The documentation for machines, OpenAPI 3.1",
  },
  { rel: "problems", path: "/problems", text: "What each refusal means" },
  { rel: "health", path: "/readyz", text: "Whether requests are welcome" },
  { rel: "ping", path: "/ping", text: "Whether somebody is there" },
];

function bodyOf(
  { name, version }: HomeOptions,
  links: readonly Link[],
): string {
  const items = links.map(({ path, text }) =>
    `<li><a class="card" href="${path}"><span class="mono">${path}</span> <span class="muted">${text}</span></a></li>`
  );
  return `<header>
<p class="eyebrow">Version ${escapeHtml(version)}</p>
<h1>${escapeHtml(name)}</h1>
<p class="lead">This server runs an API. Here is what it has to offer.</p>
</header>
<main>
<ul class="tiles">
${items.join("\n")}
</ul>
</main>`;
}
