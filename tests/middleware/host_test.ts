import { assertEquals, assertRejects } from "@std/assert";
import { assertSpyCalls, spy } from "@std/testing/mock";
import { Problem } from "../../http/problem.ts";
import { compose } from "../../middleware/compose.ts";
import { host } from "../../middleware/host.ts";

const HOSTS: [value: string | undefined, passes: boolean][] = [
  [undefined, true],
  ["", true],
  ["localhost", true],
  ["api.example.com:8000", true],
  ["127.0.0.1:80", true],
  ["[::1]:8000", true],
  ["xn--bcher-kva.example", true],
  ["a%20b", true],
  ["a/ping?", false],
  ["a/b", false],
  ["a?b", false],
  ["a#b", false],
  ["user@a", false],
  ["a\\b", false],
  ["a b", false],
  ["b\xfccher.example", false],
  [`${"a".repeat(500_000)}/`, false],
];

for (const [value, passes] of HOSTS) {
  const shown = JSON.stringify(value)?.slice(0, 30) ?? "none";

  Deno.test(`host() ${passes ? "lets in" : "refuses"} the Host ${shown}`, async () => {
    const handler = spy(() => new Response());
    const headers = value === undefined ? {} : { "Host": value };
    const serving = compose([host()], handler)(
      new Request("http://localhost/", { headers }),
    );

    if (passes) return assertEquals((await serving).status, 200);
    const problem = await assertRejects(() => serving, Problem);
    assertEquals(problem.type, "invalid-header");
    assertEquals(problem.errors[0]?.header, "Host");
    assertSpyCalls(handler, 0);
  });
}
