/**
 * Creates HTML pages that load nothing.
 *
 * @module
 */

import { accepts } from "@std/http/negotiation";
import { createDocument, type Document, jsonDocument } from "./document.ts";
import { escapeHtml } from "./escape_html.ts";
import { sha256 } from "./sha256.ts";

/** Options for {@linkcode htmlPage}. */
export interface HtmlPageOptions {
  /** The style sheet. */
  css: string;
  /** The script, a module. */
  script?: string;
  /** Directives that replace or join those of the Content-Security-Policy. */
  policy?: Record<string, string>;
}

/** Content of one page. */
export interface HtmlContent {
  /** Title, as text. */
  title: string;
  /** Content of `<body>`, as HTML. Pass text through `escapeHtml()`. */
  body: string;
  /** A value that scripts find as JSON in the element `data`. */
  data?: unknown;
}

/**
 * Creates a function that makes documents of pages with one style sheet and script.
 *
 * Both are part of the document, and its Content-Security-Policy has their SHA-256:
 * no other style or script runs, whatever text the page shows. Nothing is loaded,
 * and no page can frame it. The hashes are computed once.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const page = htmlPage({ css: "h1 { color: teal }" });
 * const tasks = page(() => ({ title: "Tasks", body: "<h1>Tasks</h1>" }));
 * const response = await tasks(new Request("http://localhost/"));
 *
 * assertEquals(response.headers.get("Content-Type"), "text/html; charset=utf-8");
 * assertStringIncludes(await response.text(), "<title>Tasks</title>");
 * ```
 *
 * @returns A function that takes what makes the content, once, and returns a document.
 */
export function htmlPage(
  { css, script = "", policy: own }: HtmlPageOptions,
): (make: () => HtmlContent) => Document {
  let policy: string | undefined;

  return (make) =>
    createDocument(() => {
      const { title, body, data } = make();
      // In a script element nothing but "<" could end the data.
      const json = JSON.stringify(data)?.replaceAll("<", String.raw`\u003c`);
      const html = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="${ICON}">
<title>${escapeHtml(title)}</title>
<style>${css}</style>
</head>
<body>
${body}
${json ? `<script type="application/json" id="data">${json}</script>` : ""}
${script && `<script type="module">${script}</script>`}
</body>
</html>
`;
      policy ??= writePolicy(css, script, own);
      const headers = {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Security-Policy": policy,
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
      };
      return { body: html, headers };
    });
}

/**
 * Creates a document that is a page if the client prefers HTML, as browsers do, and
 * otherwise JSON. Its responses have `Vary: Accept`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const page = htmlPage({ css: "" })(() => ({ title: "Home", body: "" }));
 * const home = htmlOrJson(page, () => ({ name: "home" }));
 * const response = await home(new Request("http://localhost/"));
 *
 * assertEquals(await response.json(), { name: "home" });
 * ```
 */
export function htmlOrJson(html: Document, make: () => unknown): Document {
  const json = jsonDocument(make);

  return async function htmlOrJson(request): Promise<Response> {
    const type = accepts(request, "application/json", "text/html");
    const response = await (type === "text/html" ? html : json)(request);
    response.headers.set("Vary", "Accept");
    return response;
  };
}

/** A check mark. A data URL, so that no browser requests `/favicon.ico`. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0f766e"/><path d="m9 17 5 5 9-12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

function writePolicy(
  css: string,
  script: string,
  policy?: Record<string, string>,
): string {
  const directives = {
    "default-src": "'none'",
    "style-src": hashSource(css),
    "script-src": script === "" ? "'none'" : hashSource(script),
    "connect-src": "'self'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    ...policy,
  };
  return Object.entries(directives).map((entry) => entry.join(" ")).join("; ");
}

function hashSource(text: string): string {
  // A browser hashes the parsed text, in which each line ends with LF.
  const hash = sha256(text.replaceAll("\r\n", "\n"));
  return `'sha256-${hash.toBase64()}'`;
}
