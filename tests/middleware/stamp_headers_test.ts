import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { compose, type Handler } from "../../middleware/compose.ts";
import { stampHeaders } from "../../middleware/stamp_headers.ts";

const RESPONSES: [name: string, handler: Handler][] = [
  ["a plain response", () => new Response("hello")],
  ["a redirect", () => Response.redirect("http://localhost/")],
  ["a 304", () => new Response(null, { status: 304 })],
  [
    "a response with the header",
    () => new Response(null, { headers: { "x-handled-by": "other" } }),
  ],
];

for (const [name, handler] of RESPONSES) {
  Deno.test(`stampHeaders() stamps ${name}`, async () => {
    const { headers } = await serve(handler, {
      "X-Handled-By": "tasks-api",
      "X-App-Version": "2.1",
    });

    assertEquals(headers.get("X-Handled-By"), "tasks-api");
    assertEquals(headers.get("X-App-Version"), "2.1");
  });
}

const REJECTED: Record<string, string>[] = [
  { "": "a" },
  { "X App": "a" },
  { "X-App:": "a" },
  { "X-App\n": "a" },
  { "X-App": "a\r\nSet-Cookie: b" },
  { "X-App": "a\0b" },
  { "X-App": "…" },
];

for (const stamps of REJECTED) {
  Deno.test(`stampHeaders() rejects ${JSON.stringify(stamps)} at the start`, () => {
    assertThrows(() => stampHeaders(stamps), TypeError);
  });
}

Deno.test("stampHeaders() is not changed by a later change to its argument", async () => {
  const stamps: Record<string, string> = { "X-App": "1" };
  const layer = stampHeaders(stamps);
  stamps["X-App"] = "2";

  const response = await compose([layer], () => new Response())(
    new Request("http://localhost/"),
  );

  assertEquals(response.headers.get("X-App"), "1");
});

Deno.test("stampHeaders() changes nothing without stamps", async () => {
  const { headers } = await serve(() => new Response(), {});

  assertEquals([...headers], []);
});

Deno.test("stampHeaders() passes errors through", async () => {
  await assertRejects(
    () => serve(() => Promise.reject(new RangeError("no")), { a: "b" }),
    RangeError,
    "no",
  );
});

function serve(
  handler: Handler,
  stamps: Record<string, string>,
): Promise<Response> {
  const request = new Request("http://localhost/");
  return compose([stampHeaders(stamps)], handler)(request);
}
