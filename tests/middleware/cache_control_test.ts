import { assertEquals } from "@std/assert";
import { cacheControl } from "../../middleware/cache_control.ts";
import { compose } from "../../middleware/compose.ts";

const RESPONSES: [name: string, make: () => Response, cache: string][] = [
  ["a response", () => new Response(), "no-cache"],
  ["an error", () => new Response("", { status: 404 }), "no-cache"],
  ["what is immutable", () => Response.redirect("http://a.test/"), "no-cache"],
  [
    "what a route says itself",
    () => new Response("", { headers: { "Cache-Control": "no-store" } }),
    "no-store",
  ],
];

for (const [name, make, cache] of RESPONSES) {
  Deno.test(`cacheControl() leaves ${cache} on ${name}`, async () => {
    const serve = compose([cacheControl("no-cache")], make);

    const { headers } = await serve(new Request("http://localhost/"));

    assertEquals(headers.get("Cache-Control"), cache);
  });
}
