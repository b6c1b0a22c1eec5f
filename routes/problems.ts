/**
 * Pages that explain the problem types.
 *
 * @module
 */

import { STATUS_TEXT, type StatusCode } from "@std/http/status";
import { escapeHtml } from "../http/escape_html.ts";
import { type HtmlContent, htmlOrJson, htmlPage } from "../http/html_page.ts";
import { Problem } from "../http/problem.ts";
import { PROBLEM_TYPES, type ProblemType } from "../http/problem_types.ts";
import {
  json,
  NOT_MODIFIED,
  pageResponse,
  problems,
  ref,
} from "./docs/operation.ts";
import css from "./page.css" with { type: "text" };
import { type Route, route } from "./router.ts";

/**
 * Creates the routes `GET /problems` and `GET /problems/:name`: pages for browsers,
 * JSON for other clients.
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
 */
export function problemRoutes(publicUrl = ""): Route[] {
  const page = htmlPage({ css });
  const all: Explained[] = Object.entries(PROBLEM_TYPES).map((
    [name, problem],
  ) => ({ type: `${publicUrl}/problems/${name}`, ...problem }));
  const documents = new Map(all.map((problem) => [
    problem.type,
    htmlOrJson(page(() => explain(problem)), () => problem),
  ]));
  return [
    route("GET /problems", htmlOrJson(page(() => list(all)), () => all), LIST),
    route("GET /problems/:name", (request, { name }) => {
      const document = documents.get(`${publicUrl}/problems/${name}`);
      if (document === undefined) throw unknown();
      return document(request);
    }, READ),
  ];
}

type Explained = ProblemType & { readonly type: string };

function unknown(): Problem {
  return new Problem(
    "not-found",
    "This problem type does not exist: /problems lists all",
  );
}

function explain({ type, status, title, cause, cure }: Explained): HtmlContent {
  const body = `<header>
<p class="note"><a href="/">Home</a> · <a href="/problems">Problems</a></p>
<h1>${escapeHtml(title)}</h1>
<p><span class="badge ${colorOf(status)}">${status} ${
    phraseOf(status)
  }</span></p>
</header>
<main>
<h2>Why</h2>
<p>${prose(cause)}</p>
<h2>What to do</h2>
<p>${prose(cure)}</p>
<p class="note">This page explains the problem type <code>${type}</code>. The response has the details in <code>detail</code> and <code>errors</code>.</p>
</main>`;
  return { title: `${title} (${status})`, body };
}

/** The reason phrase in RFC 9110, 15: @std/http has the older one of 422. */
function phraseOf(status: number): string {
  return status === 422
    ? "Unprocessable Content"
    : STATUS_TEXT[status as StatusCode];
}

function list(problems: readonly Explained[]): HtmlContent {
  const items = problems.map(({ type, status, title }) =>
    `<a class="card" href="${type}">
<span class="badge ${colorOf(status)}">${status}</span>
<span>${escapeHtml(title)}</span>
<span class="mono muted">${type}</span>
</a>`
  );
  const body = `<header>
<p class="note"><a href="/">Home</a></p>
<h1>Problems</h1>
<p class="muted">Every error of this API, with its cause and its cure.</p>
</header>
<main>${items.join("\n")}</main>`;
  return { title: "Problems", body };
}

/** Amber for errors of the client, red for those of the server. */
function colorOf(status: number): string {
  return status < 500 ? "warn" : "bad";
}

/** Escapes a text in which backticks mark code, and makes links of paths. */
function prose(text: string): string {
  return escapeHtml(text)
    .replace(/(?<=^| )\/[a-z]+/g, '<a href="$&">$&</a>')
    .replace(/`([^`]+)`/g, "<code>$1</code>");
}

const EXPLAINED = {
  type: "/problems/version-mismatch",
  ...PROBLEM_TYPES["version-mismatch"],
};

const LIST = {
  operationId: "listProblems",
  tags: ["Documentation"],
  summary: "List the problem types",
  description: "A page for browsers, JSON for other clients.",
  responses: {
    200: pageResponse(
      "All",
      json({ type: "array", items: ref("schemas/ProblemType") }, {
        one: [EXPLAINED],
      }),
    ),
    304: NOT_MODIFIED,
    ...problems(),
  },
};

const READ = {
  operationId: "getProblem",
  tags: ["Documentation"],
  summary: "Read about a problem type",
  description: "The `type` of a problem is the address of this page.",
  parameters: [{
    name: "name",
    in: "path",
    required: true,
    description: "Name of the problem type.",
    schema: { type: "string" },
    example: "version-mismatch",
  }],
  responses: {
    200: pageResponse(
      "Cause and cure",
      json(ref("schemas/ProblemType"), { explained: EXPLAINED }),
    ),
    304: NOT_MODIFIED,
    ...problems(["not-found", "invalid-path"]),
  },
};
