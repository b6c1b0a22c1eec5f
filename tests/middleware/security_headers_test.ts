import { assertEquals } from "@std/assert";
import { compose, type Handler } from "../../middleware/compose.ts";
import { securityHeaders } from "../../middleware/security_headers.ts";
import { openApp } from "../app.ts";

const DEFAULTS = {
  "content-security-policy": "default-src 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

const RESPONSES: [name: string, handler: Handler, headers: HeadersInit][] = [
  ["a plain response", () => new Response(), DEFAULTS],
  [
    "a response with immutable headers",
    () => Response.redirect("http://localhost/a"),
    { ...DEFAULTS, location: "http://localhost/a" },
  ],
  [
    "a page with its own policy",
    () => new Response(null, { headers: { "Content-Security-Policy": "x" } }),
    { ...DEFAULTS, "content-security-policy": "x" },
  ],
];

for (const [name, handler, headers] of RESPONSES) {
  Deno.test(`securityHeaders() sets what is missing on ${name}`, async () => {
    const serve = compose([securityHeaders()], handler);

    const response = await serve(new Request("http://localhost/"));

    assertEquals(Object.fromEntries(response.headers), { ...headers });
  });
}

Deno.test("SECURITY_HEADERS are on every response, and do not affect CORS", async () => {
  const origin = "https://app.example.com";
  const config = { securityHeaders: true, allowedOrigins: [origin] };
  await using app = await openApp(config);

  for (
    const path of ["/ping", "/nowhere", "/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P"]
  ) {
    const headers = { Origin: origin };
    const response = await app.fetch(path, { headers });
    await response.body?.cancel();

    const { headers: found } = response;
    assertEquals(found.get("Access-Control-Allow-Origin"), origin);
    assertEquals(found.get("Cross-Origin-Resource-Policy"), "same-origin");
  }
});

Deno.test("SECURITY_HEADERS do not change the policies of pages", async () => {
  await using plain = await openApp();
  await using secure = await openApp({ securityHeaders: true });

  for (const path of ["/docs", "/problems"]) {
    const policies = await Promise.all([plain, secure].map(async (app) => {
      const headers = { Accept: "text/html" };
      const response = await app.fetch(path, { headers });
      await response.body?.cancel();
      return response.headers.get("Content-Security-Policy");
    }));

    assertEquals(policies[1], policies[0]);
  }
});
