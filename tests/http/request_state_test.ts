import { assertEquals, assertStrictEquals } from "@std/assert";
import { requestState, shareState } from "../../http/request_state.ts";

Deno.test("requestState() starts empty", () => {
  const state = requestState(new Request("http://localhost/"));

  assertEquals({ ...state, signal: state.signal.aborted }, {
    id: "",
    route: "",
    cors: "none",
    corsReason: "",
    durationMs: undefined,
    client: "",
    publicUrl: "",
    signal: false,
  });
});

Deno.test("requestState() returns the same values each time", () => {
  const request = new Request("http://localhost/");

  requestState(request).id = "abc";

  assertEquals(requestState(request).id, "abc");
  assertStrictEquals(requestState(request), requestState(request));
});

Deno.test("requestState() keeps requests apart, and their copies", () => {
  const request = new Request("http://localhost/");
  requestState(request).id = "abc";

  assertEquals(requestState(request.clone()).id, "");
  assertEquals(requestState(new Request(request)).id, "");
});

Deno.test("shareState() lets each request see values that the other sets", () => {
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

Deno.test("requestState() has one signal, aborted before it is read or after", () => {
  for (const isRead of [false, true]) {
    const state = requestState(new Request("http://localhost/"));
    const early = isRead && state.signal;

    state.abort("late");

    assertEquals(state.signal.reason, "late");
    assertEquals(early, isRead && state.signal);
  }
});
