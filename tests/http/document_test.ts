import {
  assert,
  assertEquals,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import {
  escapeHtml,
  htmlOrJson,
  type HtmlPage,
  htmlPage,
  jsonDocument,
} from "../../http/document.ts";
import { sha256 } from "../../http/sha256.ts";

Deno.test("jsonDocument() makes the document once, at the first request", async () => {
  let count = 0;
  const document = jsonDocument(() => ++count, "application/test+json");
  assertEquals(count, 0);

  const responses = await Promise.all(
    [1, 2].map(() => document(new Request("http://localhost/"))),
  );

  for (const response of responses) {
    assertEquals(response.headers.get("Content-Type"), "application/test+json");
    assertEquals(await response.text(), "1");
  }
});

Deno.test("jsonDocument() gives other content another tag", async () => {
  const [one, same, other] = await Promise.all(
    [{ a: 1 }, { a: 1 }, { a: 2 }].map(async (value) => {
      const document = jsonDocument(() => value);
      const response = await document(new Request("http://localhost/"));
      await response.body?.cancel();
      return response.headers.get("ETag");
    }),
  );

  assertEquals(same, one);
  assertNotEquals(other, one);
});

function get(page: Partial<HtmlPage>): Promise<Response> {
  const document = htmlPage(() => ({ title: "T", body: "", css: "", ...page }));
  return document(new Request("http://localhost/"));
}

/** The hash source of the text between two tags, as a browser computes it. */
function hashIn(html: string, element: string): string {
  const [, text] = new RegExp(`<${element}[^>]*>([^]*?)</${element}>`)
    .exec(html)!;
  const hash = sha256(text!.replace(/\r\n?/g, "\n"));
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
      `style-src ${hashIn(html, "style")}`,
      `script-src ${hashIn(html, "script")}`,
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
    ].join("; "),
  );
});

Deno.test("htmlPage() allows no script without a script", async () => {
  const response = await get({});

  assertStringIncludes(
    response.headers.get("Content-Security-Policy")!,
    "script-src 'none'",
  );
  assert(!(await response.text()).includes("<script"));
});

Deno.test("htmlPage() replaces and adds directives of the policy", async () => {
  const policy = { "connect-src": "*", "frame-src": "'self'" };

  const response = await get({ policy });

  const csp = response.headers.get("Content-Security-Policy")!;
  assertStringIncludes(csp, "; connect-src *;");
  assertStringIncludes(csp, "; frame-src 'self'");
});

Deno.test("htmlPage() escapes the title, and forbids browsers to guess the type", async () => {
  const response = await get({ title: "</title>" });

  assertStringIncludes(
    await response.text(),
    "<title>&lt;/title&gt;</title>",
  );
  assertEquals(response.headers.get("X-Content-Type-Options"), "nosniff");
  assertEquals(response.headers.get("Referrer-Policy"), "no-referrer");
});

Deno.test("htmlPage() keeps data within its element, whatever is in it", async () => {
  const data = "</script><!--";

  const response = await get({ data });

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
    const page = htmlPage(() => ({ title: "", body: "", css: "" }));

    const response = await htmlOrJson(page, () => ({}))(request);

    assertEquals(response.headers.get("Content-Type"), type);
    assertEquals(response.headers.get("Vary"), "Accept");
  });
}

Deno.test("escapeHtml() escapes characters with a meaning in HTML, and no others", () => {
  assertEquals(
    escapeHtml(`</script><a href='x' title="y">é & &amp;`),
    "&lt;/script&gt;&lt;a href=&#39;x&#39; title=&quot;y&quot;&gt;é &amp; &amp;amp;",
  );
});
