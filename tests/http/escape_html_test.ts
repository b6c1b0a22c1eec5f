import { assertEquals } from "@std/assert";
import { escapeHtml } from "../../http/escape_html.ts";

Deno.test("escapeHtml() escapes characters with a meaning in HTML, and no others", () => {
  assertEquals(
    escapeHtml(`</script><a href='x' title="y">é & &amp;`),
    "&lt;/script&gt;&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;é &amp; &amp;amp;",
  );
});
