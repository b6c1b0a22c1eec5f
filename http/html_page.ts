/**
 * Makes a page for people out of one document, which loads nothing.
 *
 * @module
 */

import { accepts } from "@std/http/negotiation";
import { escapeHtml } from "./escape_html.ts";

/** Options for {@linkcode htmlPage}. */
export interface HtmlPageOptions {
  /** The style sheet. */
  css: string;
  /**
   * The script, a module.
   *
   * @default {""}
   */
  script?: string;
  /**
   * Directives of the Content-Security-Policy that replace those of the default,
   * such as `{ "connect-src": "'self' http://127.0.0.1:8000" }`.
   *
   * @default {{}}
   */
  policy?: Record<string, string>;
}

/** What one page shows. */
export interface HtmlContent {
  /** Title, as text. */
  title: string;
  /** What stands in `<body>`, as HTML. Text in it went through `escapeHtml()`. */
  body: string;
}

/**
 * Creates a function that makes pages with one style sheet and one script.
 *
 * Both stand in the document, and a Content-Security-Policy names their SHA-256:
 * no other style or script runs in the page, whatever text it shows. Nothing is
 * loaded from anywhere, and no page can frame it. The hashes are made once.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertStringIncludes } from "@std/assert";
 *
 * const page = htmlPage({ css: "h1 { color: teal }" });
 * const response = await page({ title: "Tasks", body: "<h1>Tasks</h1>" });
 *
 * assertEquals(response.headers.get("Content-Type"), "text/html; charset=utf-8");
 * assertStringIncludes(await response.text(), "<title>Tasks</title>");
 * ```
 *
 * @param options Style, script and policy of the pages.
 * @returns A function that makes the response with a page.
 * @throws {TypeError} If the style sheet or the script would end its own element.
 */
export function htmlPage(
  options: HtmlPageOptions,
): (content: HtmlContent) => Promise<Response> {
  const css = checkInline("style", options.css);
  const script = checkInline("script", options.script ?? "");
  let policy: Promise<string> | undefined;

  return async function htmlPage({ title, body }): Promise<Response> {
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
${script && `<script type="module">${script}</script>`}
</body>
</html>
`;
    const response = new Response(html);
    const { headers } = response;
    headers.set("Content-Type", "text/html; charset=utf-8");
    // At the first page: who makes an app and asks for none leaves nothing running.
    policy ??= writePolicy(css, script, options.policy);
    headers.set("Content-Security-Policy", await policy);
    headers.set("Referrer-Policy", "no-referrer");
    headers.set("X-Content-Type-Options", "nosniff");
    return response;
  };
}

/**
 * Answers with a page where the client prefers HTML, as browsers do, and with JSON
 * in every other case.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const page = htmlPage({ css: "" });
 * const response = await htmlOrJson(
 *   new Request("http://localhost/"),
 *   () => page({ title: "Home", body: "" }),
 *   { name: "home" },
 * );
 *
 * assertEquals(await response.json(), { name: "home" });
 * ```
 *
 * @param request The request.
 * @param html Makes the page.
 * @param json The same as a value for JSON.
 * @returns The response, which varies with `Accept`.
 */
export async function htmlOrJson(
  request: Request,
  html: () => Promise<Response>,
  json: unknown,
): Promise<Response> {
  const type = accepts(request, "application/json", "text/html");
  const response = type === "text/html" ? await html() : Response.json(json);
  response.headers.set("Vary", "Accept");
  return response;
}

/** A check mark. As a data URL it saves the request for `/favicon.ico`. */
const ICON = "data:image/svg+xml," + encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#0f766e"/><path d="m9 17 5 5 9-12" fill="none" stroke="#fff" stroke-width="3.5" stroke-linecap="round" stroke-linejoin="round"/></svg>',
);

function checkInline(element: string, text: string): string {
  if (!new RegExp(`</${element}|<!--`, "i").test(text)) {
    // A browser hashes what it parsed, and parsing makes each line end with LF.
    return text.replaceAll("\r\n", "\n");
  }
  throw new TypeError(
    `Cannot put this text into <${element}>: write "<\\/${element}" and "<\\!--" where they stand in it`,
  );
}

async function writePolicy(
  css: string,
  script: string,
  policy: Record<string, string> = {},
): Promise<string> {
  const directives = {
    "default-src": "'none'",
    "style-src": await hashSource(css),
    "script-src": script === "" ? "'none'" : await hashSource(script),
    "connect-src": "'self'",
    "img-src": "data:",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    ...policy,
  };
  return Object.entries(directives).map((entry) => entry.join(" ")).join("; ");
}

async function hashSource(text: string): Promise<string> {
  const bytes = new TextEncoder().encode(text);
  const hash = await crypto.subtle.digest("SHA-256", bytes);
  return `'sha256-${new Uint8Array(hash).toBase64()}'`;
}
