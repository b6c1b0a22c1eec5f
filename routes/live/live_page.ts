/**
 * A page that lists the items of a resource, and stays current.
 *
 * @module
 */

import type { Document } from "../../http/document.ts";
import { escapeHtml } from "../../http/escape_html.ts";
import { htmlPage } from "../../http/html_page.ts";
import css from "../page.css" with { type: "text" };
import pageScript from "../page.js" with { type: "text" };
import type { Resource } from "../resource/declaration.ts";
import script from "./live.js" with { type: "text" };

/**
 * Creates the page of a resource.
 *
 * Its form is made from the JSON Schema of the resource, and its list follows the
 * events, so it shows changes of others immediately. An edit sends `If-Match`.
 *
 * @example Usage
 * ```ts
 * import { assertStringIncludes } from "@std/assert";
 * import { object, string } from "../../http/schema.ts";
 * import { resource } from "../resource/declaration.ts";
 *
 * const notes = resource({
 *   name: "notes",
 *   title: "Note",
 *   description: "Short texts.",
 *   schema: object({ text: string() }),
 * });
 * const page = livePage(notes, () => '<a href="/docs">Documentation</a>');
 * const response = await page(new Request("http://localhost/"));
 *
 * assertStringIncludes(await response.text(), "<h1>Notes</h1>");
 * ```
 *
 * @param links Returns the links in the header, as HTML.
 */
export function livePage(
  { name, title, description, input }: Resource,
  links: () => string,
): Document {
  const page = htmlPage({ css, script: pageScript + script });
  const heading = name[0]!.toUpperCase() + name.slice(1);

  return page(() => ({
    title: heading,
    body: `<header>
<p class="note">${links()}</p>
<h1>${heading}</h1>
<p class="muted">${escapeHtml(description)}</p>
<noscript><p>This page needs JavaScript.</p></noscript>
</header>
<main>
<div id="new" class="card fold"></div>
<p><strong id="state" role="status">Connecting</strong></p>
<div id="items"></div>
</main>`,
    data: { name, title, schema: input },
  }));
}
