import {
  assertEquals,
  assertNotStrictEquals,
  assertStrictEquals,
  assertThrows,
} from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { withHeaders } from "../../http/with_headers.ts";

Deno.test("withHeaders() changes a response in place if possible", async () => {
  const response = new Response("hello");

  const stamped = withHeaders(response, stamp);

  assertStrictEquals(stamped, response);
  assertEquals(stamped.headers.get("X-App"), "1");
  assertEquals(await stamped.text(), "hello");
});

Deno.test("withHeaders() copies a redirect, whose headers are immutable", () => {
  const redirect = Response.redirect("http://localhost/tasks", 303);

  const stamped = withHeaders(redirect, stamp);

  assertNotStrictEquals(stamped, redirect);
  assertEquals(stamped.status, 303);
  assertEquals(stamped.headers.get("Location"), "http://localhost/tasks");
  assertEquals(stamped.headers.get("X-App"), "1");
});

Deno.test("withHeaders() copies a fetched response with its status, headers and body", async () => {
  const fetched = await fetch("data:text/plain,hello");

  const stamped = withHeaders(fetched, stamp);

  assertEquals(stamped.status, 200);
  assertEquals(stamped.statusText, fetched.statusText);
  assertEquals(stamped.headers.get("Content-Type"), "text/plain");
  assertEquals(stamped.headers.get("X-App"), "1");
  assertEquals(await stamped.text(), "hello");
});

for (const status of [204, 205, 304]) {
  Deno.test(`withHeaders() changes a ${status}, which has no body`, () => {
    const stamped = withHeaders(new Response(null, { status }), stamp);

    assertEquals(stamped.status, status);
    assertEquals(stamped.headers.get("X-App"), "1");
  });
}

const UNTOUCHED: [name: string, response: Response][] = [
  ["Response.error()", Response.error()],
  ["a WebSocket upgrade", new Response(null, { status: 101 })],
];

for (const [name, response] of UNTOUCHED) {
  Deno.test(`withHeaders() returns ${name} unchanged`, () => {
    const edit = spy(stamp);

    assertStrictEquals(withHeaders(response, edit), response);
    assertSpyCalls(edit, 0);
  });
}

Deno.test("withHeaders() passes an error of the edit through unchanged", () => {
  const error = new Error("no");

  const thrown = assertThrows(() =>
    withHeaders(new Response(), () => {
      throw error;
    })
  );

  assertStrictEquals(thrown, error);
});

Deno.test("withHeaders() throws if a value is not valid in a header", () => {
  assertThrows(
    () =>
      withHeaders(new Response(), (headers) => headers.set("X-App", "a\nb: c")),
    TypeError,
  );
});

function stamp(headers: Headers): void {
  headers.set("X-App", "1");
}
