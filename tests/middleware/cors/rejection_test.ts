import { assertEquals } from "@std/assert";
import { spy } from "@std/testing/mock";
import { requestState } from "../../../http/request_state.ts";
import { type Refusal, reject } from "../../../middleware/cors/rejection.ts";
import { exchange } from "../_exchange.ts";

const REASONS: [refusal: Refusal, reason: string][] = [
  [["origin", "https://a.test"], "origin"],
  [["method", "PUT"], "method PUT"],
  [["headers", "x-lesson"], "header x-lesson"],
  [["malformed", "x lesson"], "malformed"],
  [["method", "x".repeat(70000)], `method ${"x".repeat(200)}`],
];

for (const [refusal, reason] of REASONS) {
  Deno.test(`reject() stores the reason: ${reason.slice(0, 40)}`, () => {
    const request = new Request("https://api.test/");

    reject(undefined, request, "preflight", refusal);

    const { cors, corsReason } = requestState(request);
    assertEquals([cors, corsReason], ["preflight refused", reason]);
  });
}

Deno.test("reject() makes values printable and short", () => {
  const onReject = spy();
  const request = new Request("https://api.test/", {
    headers: { Origin: "a\x1b[31m\u00e9" },
  });

  reject(onReject, request, "preflight", ["malformed", "x".repeat(70000)]);

  assertEquals(onReject.calls.map(({ args }) => args), [[{
    kind: "preflight",
    reason: "malformed",
    origin: "a?[31m?",
    value: "x".repeat(200),
  }]]);
});

const LISTENERS: Record<string, () => void | Promise<void>> = {
  "throws": () => {
    throw new Error("listener");
  },
  "rejects": () => Promise.reject(new Error("listener")),
  "never ends": () => new Promise(() => {}),
};

for (const [what, onReject] of Object.entries(LISTENERS)) {
  Deno.test(`cors() responds when onReject ${what}`, async () => {
    const options = { origins: [], onReject };
    const headers = { Origin: "https://a.test" };

    const actual = await exchange(options, "GET", headers);
    const preflight = await exchange(options, "OPTIONS", {
      ...headers,
      "Access-Control-Request-Method": "GET",
    });

    assertEquals(actual.response.status, 200);
    assertEquals(preflight.response.status, 403);
  });
}
