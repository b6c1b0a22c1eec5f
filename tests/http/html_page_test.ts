import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import {
  type HtmlContent,
  htmlOrJson,
  htmlPage,
  type HtmlPageOptions,
} from "../../http/html_page.ts";
import { sha256 } from "../../http/sha256.ts";

function get(
  options: HtmlPageOptions,
  content: HtmlContent = { title: "T", body: "" },
): Promise<Response> {
  return htmlPage(options)(() => content)(new Request("http://localhost/"));
}

/** The hash source of the text between two tags, as a browser computes it. */
async function hashIn(html: string, element: string): Promise<string> {
  const [, text] = new RegExp(`<${element}[^>]*>([^]*?)</${element}>`)
    .exec(html)!;
  const hash = await sha256(text!.replace(/\r\n?/g, "\n"));
  return `'sha256-${hash.toBase64()}'`;
}

Deno.test("htmlPage() allows its own style and script by hash, and no other", async () => {
  const options = { css: "p { color: red }\r\n", script: "run();\r\n" };

  const response = await get(options);

  const html = await response.text();
  assertEquals(
    response.headers.get("Content-Security-Policy"),
    [
      "default-src 'none'",
      `style-src ${await hashIn(html, "style")}`,
      `script-src ${await hashIn(html, "script")}`,
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
  );
});

Deno.test("htmlPage() allows no script without a script", async () => {
  const response = await get({ css: "" });

  assertStringIncludes(
    response.headers.get("Content-Security-Policy")!,
    "script-src 'none'",
  );
  assert(!(await response.text()).includes("<script"));
});

Deno.test("htmlPage() replaces and adds directives of the policy", async () => {
  const policy = { "connect-src": "*", "frame-src": "'self'" };

  const response = await get({ css: "", policy });

  const csp = response.headers.get("Content-Security-Policy")!;
  assertStringIncludes(csp, "; connect-src *;");
  assertStringIncludes(csp, "; frame-src 'self'");
});

Deno.test("htmlPage() escapes the title, and forbids browsers to guess the type", async () => {
  const response = await get({ css: "" }, { title: "</title>", body: "" });

  assertStringIncludes(
    await response.text(),
    "<title>&lt;/title&gt;</title>",
  );
  assertEquals(response.headers.get("X-Content-Type-Options"), "nosniff");
  assertEquals(response.headers.get("Referrer-Policy"), "no-referrer");
});

Deno.test("htmlPage() keeps data within its element, whatever is in it", async () => {
  const data = "</script><!--";

  const response = await get({ css: "" }, { title: "", body: "", data });

  const [, json] = /id="data">([^]*?)<\/script>/.exec(await response.text())!;
  assertEquals(JSON.parse(json!), data);
});

const ACCEPTED = [
  { accept: undefined, type: "application/json" },
  { accept: "*/*", type: "application/json" },
  { accept: "application/json", type: "application/json" },
  { accept: "image/png", type: "application/json" },
  { accept: "text/html;q=0.5,application/json", type: "application/json" },
  { accept: "text/html", type: "text/html; charset=utf-8" },
  {
    accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    type: "text/html; charset=utf-8",
  },
];

for (const { accept, type } of ACCEPTED) {
  Deno.test(`htmlOrJson() responds with ${type} to Accept: ${accept}`, async () => {
    const headers = new Headers();
    if (accept !== undefined) headers.set("Accept", accept);
    const request = new Request("http://localhost/", { headers });
    const page = htmlPage({ css: "" })(() => ({ title: "", body: "" }));

    const response = await htmlOrJson(page, () => ({}))(request);

    assertEquals(response.headers.get("Content-Type"), type);
    assertEquals(response.headers.get("Vary"), "Accept");
  });
}
