import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { object, string } from "../../../http/schema.ts";
import { livePage } from "../../../routes/live/live_page.ts";
import { resource } from "../../../routes/resource.ts";

const notes = resource({
  name: "notes",
  title: "Note",
  description: "Texts <short>",
  schema: object({ text: string({ default: "</script><!--" }) }),
});

function get(links = ""): Promise<Response> {
  return livePage(notes, () => links)(new Request("http://localhost/"));
}

Deno.test("livePage() embeds the schema, whatever is in it", async () => {
  const html = await (await get()).text();

  const [, json] = /id="data">([^]*?)<\/script>/.exec(html)!;
  const { name, schema } = JSON.parse(json!);
  assertEquals(name, "notes");
  assertEquals(schema.properties.text.default, "</script><!--");
  assertStringIncludes(html, "Texts &lt;short&gt;");
});

Deno.test("livePage() loads nothing, and connects to its own origin alone", async () => {
  const response = await get('<a href="/docs">Documentation</a>');

  const html = await response.text();
  const policy = response.headers.get("Content-Security-Policy")!.split("; ");
  assert(policy.includes("default-src 'none'"));
  assert(policy.includes("connect-src 'self'"));
  assert(!/ src=/.test(html));
  assertStringIncludes(html, '<a href="/docs">Documentation</a>');
});
