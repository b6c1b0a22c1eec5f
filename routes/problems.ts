/**
 * Explains what the `type` of a problem means.
 *
 * @module
 */

import { STATUS_TEXT, type StatusCode } from "@std/http/status";
import { escapeHtml } from "../http/escape_html.ts";
import { type HtmlContent, htmlOrJson, htmlPage } from "../http/html_page.ts";
import { Problem } from "../http/problem.ts";
import { PROBLEM_TYPES, type ProblemType } from "../http/problem_types.ts";
import css from "./page.css" with { type: "text" };
import { type Route, route } from "./router.ts";

/**
 * Creates the routes `GET /problems` and `GET /problems/:name`: pages for browsers,
 * JSON for everybody else.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { router } from "./router.ts";
 *
 * const serve = router(problemRoutes());
 * const response = await serve(
 *   new Request("http://localhost/problems/not-found"),
 * );
 *
 * assertEquals((await response.json()).status, 404);
 * ```
 *
 * @returns The routes.
 */
export function problemRoutes(): Route[] {
  const page = htmlPage({ css });
  return [
    route(
      "GET /problems",
      (request) =>
        htmlOrJson(request, () => page(INDEX), [...PROBLEMS.values()]),
    ),
    route("GET /problems/:name", (request, { name }) => {
      const problem = PROBLEMS.get(name);
      if (problem === undefined) throw unknown();
      return htmlOrJson(request, () => page(explain(problem)), problem);
    }),
  ];
}

type Explained = ProblemType & { readonly type: string };

const PROBLEMS: ReadonlyMap<string, Explained> = new Map(
  Object.entries(PROBLEM_TYPES)
    .map((
      [name, problem],
    ) => [name, { type: `/problems/${name}`, ...problem }]),
);

function unknown(): Problem {
  return new Problem(
    "not-found",
    "This is not a type of problem: /problems lists them all",
  );
}

function explain({ type, status, title, cause, cure }: Explained): HtmlContent {
  const body = `<header>
<p class="eyebrow"><a href="/problems">Problems</a></p>
<h1>${escapeHtml(title)}</h1>
<p><span class="badge ${colorOf(status)}">${status} ${
    STATUS_TEXT[status as StatusCode]
  }</span></p>
</header>
<main>
<h2>Why</h2>
<p>${prose(cause)}</p>
<h2>What to do</h2>
<p>${prose(cure)}</p>
</main>
<footer><p>This page explains the problem type <code>${type}</code>. The problem itself says in <code>detail</code> and <code>errors</code> what it was this time.</p></footer>`;
  return { title: `${title} (${status})`, body };
}

const INDEX: HtmlContent = { title: "Problems", body: list() };

function list(): string {
  const items = [...PROBLEMS.values()].map(({ type, status, title }) =>
    `<li><a class="card" href="${type}"><span><span class="badge ${
      colorOf(status)
    }">${status}</span> ${
      escapeHtml(title)
    }</span> <span class="mono muted">${type}</span></a></li>`
  );
  return `<header>
<p class="eyebrow"><a href="/">Home</a></p>
<h1>Problems</h1>
<p class="lead">Every way in which this API says no, with the cause and the cure.</p>
</header>
<main><ul class="tiles">${items.join("\n")}</ul></main>`;
}

/** Whose fault it is: amber for the client's, red for the server's. */
function colorOf(status: number): string {
  return status < 500 ? "warn" : "bad";
}

/** Escapes a text in which backticks mark code, and makes links of paths. */
function prose(text: string): string {
  return escapeHtml(text)
    .replace(/(?<=^| )\/[a-z]+/g, '<a href="$&">$&</a>')
    .replace(/`([^`]+)`/g, "<code>$1</code>");
}
