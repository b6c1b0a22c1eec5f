import { assertEquals, assertStrictEquals } from "@std/assert";
import { requestState, shareState } from "../../http/request_state.ts";

Deno.test("requestState() begins with nothing known", () => {
  const state = requestState(new Request("http://localhost/"));

  const { receiving, signal } = state;
  assertEquals({ ...state, receiving: receiving(), signal: signal() }, {
    id: "",
    route: "",
    cors: "none",
    corsReason: "",
    durationMs: undefined,
    client: "",
    receiving: false,
    signal: undefined,
    blame: undefined,
  });
});

Deno.test("requestState() gives the same values each time", () => {
  const request = new Request("http://localhost/");

  requestState(request).id = "abc";

  assertEquals(requestState(request).id, "abc");
  assertStrictEquals(requestState(request), requestState(request));
});

Deno.test("requestState() keeps requests apart, copies of each other too", () => {
  const request = new Request("http://localhost/");
  requestState(request).id = "abc";

  assertEquals(requestState(request.clone()).id, "");
  assertEquals(requestState(new Request(request)).id, "");
});

Deno.test("shareState() lets either request see what the other sets", () => {
  const outer = new Request("http://localhost/outer");
  const inner = new Request("http://localhost/inner");
  requestState(outer).id = "abc";

  shareState(outer, inner);
  requestState(inner).route = "/inner";

  assertEquals(requestState(inner).id, "abc");
  assertEquals(requestState(outer).route, "/inner");
});

Deno.test("shareState() passes values on from request to request", () => {
  const requests = Array.from(
    { length: 3 },
    () => new Request("http://localhost/"),
  );

  shareState(requests[0]!, requests[1]!);
  shareState(requests[1]!, requests[2]!);
  requestState(requests[2]!).route = "/deep";

  assertEquals(requestState(requests[0]!).route, "/deep");
});
