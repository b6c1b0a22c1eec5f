import { assertEquals } from "@std/assert";
import { createApp } from "../../main.ts";

const GUIDES = new URL("../../docs/guides/", import.meta.url);

Deno.test("docs/guides/a-browser-app.md has a page that lists and adds tasks", async () => {
  const guide = await Deno.readTextFile(new URL("a-browser-app.md", GUIDES));
  const [, origin] = /ALLOWED_ORIGINS=(\S+)/.exec(guide)!;
  const [, script] = /<script type="module">([^]*?)<\/script>/.exec(guide)!;
  await using app = await createApp({ config: { allowedOrigins: [origin!] } });

  const pre = { textContent: "" };
  const button = { onclick: async (): Promise<void> => {} };
  const document = {
    querySelector: (name: string) => name === "pre" ? pre : button,
  };
  async function fetch(url: string, init?: RequestInit): Promise<Response> {
    const request = new Request(url, init);
    if (init !== undefined) {
      const preflight = await app.fetch(preflightFor(request, origin!));
      assertEquals(preflight.status, 204);
    }
    request.headers.set("Origin", origin!);
    const response = await app.fetch(request);
    assertEquals(response.headers.get("Access-Control-Allow-Origin"), origin);
    return response;
  }
  const page = new Function(
    "document",
    "fetch",
    `return (async () => {${script}})();`,
  );

  await page(document, fetch);
  assertEquals(pre.textContent, "");
  await button.onclick();
  assertEquals(pre.textContent, "From a page");
});

function preflightFor({ url, method }: Request, origin: string): Request {
  return new Request(url, {
    method: "OPTIONS",
    headers: {
      Origin: origin,
      "Access-Control-Request-Method": method,
      "Access-Control-Request-Headers": "content-type",
    },
  });
}
