/**
 * Pages that explain the problem types.
 *
 * @module
 */

import { STATUS_TEXT } from "@std/http/status";
import { escapeHtml, htmlOrJson, htmlPage } from "../http/document.ts";
import { Problem } from "../http/problem.ts";
import { PROBLEM_TYPES, type ProblemType } from "../http/problem_types.ts";
import { ref } from "./docs/components.ts";
import css from "./page.css" with { type: "text" };
import { type Operation, type Route, route } from "./router.ts";

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
  const problems = Object.entries(PROBLEM_TYPES).map(([name, problem]) => (
    { type: `${publicUrl}/problems/${name}`, ...problem }
  ));
  const all = htmlPage(() => ({
    title: "Problems",
    body: list(problems),
    css,
  }));
  const documents = new Map(problems.map((problem) => {
    const { type, title } = problem;
    const html = htmlPage(() => ({ title, body: explain(problem), css }));
    return [type, htmlOrJson(html, () => problem)];
  }));
  return [
    route("GET /problems", htmlOrJson(all, () => problems), LIST),
    route("GET /problems/:name", (request, { name }) => {
      const document = documents.get(`${publicUrl}/problems/${name}`);
      if (document !== undefined) return document(request);
      const detail = "This problem type does not exist: /problems lists all";
      throw new Problem("not-found", detail);
    }, READ),
  ];
}

type Explained = ProblemType & { readonly type: string };

function explain(problem: Explained): string {
  const { type, status, title, cause, cure } = problem;
  return `<header>
<p class="note"><a href="/">Home</a> · <a href="/problems">Problems</a></p>
<h1>${title}</h1>
<p>${badge(status)} ${PHRASES[status]}</p>
</header>
<main>
<h2>Why</h2>
<p>${prose(cause)}</p>
<h2>What to do</h2>
<p>${prose(cure)}</p>
<p class="note">This page explains the problem type <code>${type}</code>. The response has the details in <code>detail</code> and <code>errors</code>.</p>
</main>`;
}

function list(problems: readonly Explained[]): string {
  const cards = problems.map(({ type, status, title }) =>
    `<a class="card" href="${type}">
${badge(status)}
<span>${title}</span>
<span class="mono muted">${type}</span>
</a>`
  );
  return `<header>
<p class="note"><a href="/">Home</a></p>
<h1>Problems</h1>
<p class="muted">Every error of this API, with its cause and its cure.</p>
</header>
<main>${cards.join("\n")}</main>`;
}

/** Amber for errors of the client, red for those of the server. */
function badge(status: number): string {
  return `<span class="badge ${
    status < 500 ? "warn" : "bad"
  }">${status}</span>`;
}

// For two, @std/http has the phrases of older RFCs (RFC 9110, 15.5.14 and 15.5.21).
const PHRASES: Readonly<Record<number, string>> = {
  ...STATUS_TEXT,
  413: "Content Too Large",
  422: "Unprocessable Content",
};

/** Escapes a text in which backticks mark code, and makes links of paths. */
function prose(text: string): string {
  return escapeHtml(text)
    .replace(/(?<=^| )\/[a-z]+/g, '<a href="$&">$&</a>')
    .replace(/`([^`]+)`/g, "<code>$1</code>");
}

const LIST: Operation = {
  operationId: "listProblems",
  tags: ["Documentation"],
  summary: "List the problem types",
  description: "A page for browsers, JSON for other clients.",
  responses: {
    200: {
      description: "All",
      json: { type: "array", items: ref("schemas/ProblemType") },
      html: true,
    },
  },
};

const READ: Operation = {
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
    200: {
      description: "Cause and cure",
      json: ref("schemas/ProblemType"),
      html: true,
    },
  },
  problems: ["not-found"],
};
