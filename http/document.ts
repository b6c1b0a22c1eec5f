/**
 * Documents that stay the same while the server runs: JSON, and HTML pages that load
 * nothing. Each is made at the first request, with its tag: an app that is created
 * and never called starts no work.
 *
 * @module
 */

import { accepts } from "@std/http/negotiation";
import { entityTag, unlessCurrent } from "./etag.ts";
import { sha256 } from "./sha256.ts";

/** Responds with a document, or with 304 to a client that has it. */
export type Document = (request: Request) => Promise<Response>;

/**
 * Creates a document of JSON.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const document = jsonDocument(() => ({ name: "home" }));
 * const response = await document(new Request("http://localhost/"));
 *
 * assertEquals(await response.json(), { name: "home" });
 * ```
 */
export function jsonDocument(
  make: () => unknown,
  type = "application/json",
): Document {
  const headers = { "Content-Type": type };
  return createDocument(() => ({ body: JSON.stringify(make()), headers }));
}

/** Content of a page. */
export interface HtmlPage {
  /** Title, as text. */
  title: string;
  /** Content of `<body>`, as HTML. Pass text through {@linkcode escapeHtml}. */
  body: string;
  /** A value that scripts find as JSON in the element `data`. */
  data?: unknown;
  /** The style sheet. */
  css: string;
  /** The script, a module. */
  script?: string;
  /** Directives that replace or join those of the Content-Security-Policy. */
  policy?: Record<string, string>;
}

/**
 * Creates a document that is an HTML page.
 *
 * Style sheet and script are part of the page, and its Content-Security-Policy has
 * their SHA-256: no other style or script runs, whatever text the page shows. Nothing
 * is loaded, and no page can frame it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const css = "h1 { color: teal }";
 * const page = htmlPage(() => ({ title: "Tasks", body: "<h1>Tasks</h1>", css }));
 * const response = await page(new Request("http://localhost/"));
 *
 * assertEquals(response.headers.get("Content-Type"), "text/html; charset=utf-8");
 * assertStringIncludes(await response.text(), "<title>Tasks</title>");
 * ```
 */
export function htmlPage(make: () => HtmlPage): Document {
  return createDocument(() => {
    const page = make();
    const { title, body, data, css, script } = page;
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
${script ? `<script type="module">${script}</script>` : ""}
</body>
</html>
`;
    const headers = {
      "Content-Type": "text/html; charset=utf-8",
      "Content-Security-Policy": policyOf(page),
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
 * const page = htmlPage(() => ({ title: "Home", body: "", css: "" }));
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

/**
 * Escapes text for its place between tags or in a quoted attribute.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(escapeHtml(`<b title="x">`), "&lt;b title=&quot;x&quot;&gt;");
 * ```
 */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function createDocument(
  make: () => { body: string; headers: Record<string, string> },
): Document {
  let made: ReturnType<typeof make> & { tag: string } | undefined;

  return async function document(request): Promise<Response> {
    if (made === undefined) {
      const parts = make();
      made = { ...parts, tag: entityTag(sha256(parts.body).toBase64()) };
    }
    const { body, headers, tag } = made;
    return await unlessCurrent(
      request,
      tag,
      () => new Response(body, { headers }),
    );
  };
}

/** A check mark. A data URL, so that no browser requests `/favicon.ico`. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0f766e"/><path d="m9 17 5 5 9-12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

function policyOf({ css, script, policy }: HtmlPage): string {
  const directives = {
    "default-src": "'none'",
    "style-src": hashSource(css),
    "script-src": script ? hashSource(script) : "'none'",
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
