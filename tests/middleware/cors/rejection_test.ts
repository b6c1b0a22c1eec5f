import { assertEquals } from "@std/assert";
import { spy } from "@std/testing/mock";
import { reject } from "../../../middleware/cors/rejection.ts";
import { exchange } from "../_exchange.ts";

Deno.test("reject() does nothing without a listener", () => {
  reject(undefined, "actual", "https://a.test", ["origin", "https://a.test"]);
});

Deno.test("reject() makes values printable and short", () => {
  const onReject = spy();

  reject(onReject, "preflight", "a\r\n\x1b[31m\u00e9", [
    "malformed",
    "x".repeat(70000),
  ]);

  assertEquals(onReject.calls.map(({ args }) => args), [[{
    kind: "preflight",
    reason: "malformed",
    origin: "a???[31m?",
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
  Deno.test(`cors() answers all the same when onReject ${what}`, async () => {
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
