import {
  assertEquals,
  assertMatch,
  assertNotEquals,
  assertRejects,
} from "@std/assert";
import { requestState } from "../../http/request_state.ts";
import { compose } from "../../middleware/compose.ts";
import { requestId } from "../../middleware/request_id.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const KEPT = [
  "a",
  "01JD4Z3W6Q",
  "A-z_0.9=",
  "..",
  "__proto__",
  "a".repeat(128),
];

for (const id of KEPT) {
  Deno.test(`requestId() keeps the client's "${id.slice(0, 20)}" of ${id.length}`, async () => {
    const { header, state } = await send(id);

    assertEquals(header, id);
    assertEquals(state, id);
  });
}

const REPLACED = [
  "",
  "a b",
  "a, b",
  "a/b",
  "a\tb",
  "a\x1b[2J",
  '"a"',
  "<a>",
  "caf\xe9",
  "a".repeat(129),
  "a".repeat(500_000),
];

for (const id of REPLACED) {
  Deno.test(`requestId() replaces the client's ${JSON.stringify(id.slice(0, 20))} of ${id.length}`, async () => {
    const { header, state } = await send(id);

    assertMatch(header ?? "", UUID);
    assertEquals(state, header);
  });
}

Deno.test("requestId() gives each request without an id its own", async () => {
  const [first, second] = [await send(), await send()];

  assertMatch(first.header ?? "", UUID);
  assertNotEquals(first.header, second.header);
});

Deno.test("requestId() sets its header on an immutable response", async () => {
  const serve = compose(
    [requestId()],
    () => Response.redirect("http://localhost/tasks"),
  );

  const response = await serve(requestWith("abc"));

  assertEquals(response.status, 302);
  assertEquals(response.headers.get("X-Request-Id"), "abc");
});

Deno.test("requestId() replaces the header of a route", async () => {
  const headers = { "X-Request-Id": "mine" };
  const serve = compose([requestId()], () => new Response(null, { headers }));

  const response = await serve(requestWith("abc"));

  assertEquals(response.headers.get("X-Request-Id"), "abc");
});

Deno.test("requestId() passes errors through", async () => {
  const serve = compose([requestId()], () => {
    throw new RangeError("no");
  });

  await assertRejects(() => serve(requestWith("abc")), RangeError, "no");
});

/** Sends an id, and returns those of the response and of the layers below. */
async function send(
  id?: string,
): Promise<{ header: string | null; state: string }> {
  let state = "";
  const serve = compose([requestId()], (request) => {
    state = requestState(request).id;
    return new Response();
  });
  const response = await serve(requestWith(id));
  return { header: response.headers.get("X-Request-Id"), state };
}

function requestWith(id?: string): Request {
  const headers = id === undefined ? {} : { "X-Request-Id": id };
  return new Request("http://localhost/", { headers });
}
