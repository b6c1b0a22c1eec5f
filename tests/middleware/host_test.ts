import { assertEquals, assertRejects } from "@std/assert";
import { Problem } from "../../http/problem.ts";
import { compose } from "../../middleware/compose.ts";
import { host } from "../../middleware/host.ts";

const serve = compose([host()], () => new Response("hello"));

const ACCEPTED = [
  "localhost",
  "localhost:8000",
  "api.example.com",
  "API.example.com.",
  "my_service:80",
  "xn--bcher-kva.example",
  "192.0.2.1:8000",
  "[::1]:8000",
  "a%20b",
  "",
];

const REJECTED = [
  "a/ping?",
  "a/b",
  "a?b",
  "a#b",
  "a\\b",
  "a@b",
  "a b",
  "a\tb",
  '"a"',
  "<a>",
  "a|b",
  "bücher.example",
];

function request(value: string): Request {
  return new Request("http://localhost/", { headers: { Host: value } });
}

for (const value of ACCEPTED) {
  Deno.test(`host() accepts "${value}"`, async () => {
    assertEquals(await (await serve(request(value))).text(), "hello");
  });
}

for (const value of REJECTED) {
  Deno.test(`host() rejects "${value}"`, async () => {
    const problem = await assertRejects(() => serve(request(value)), Problem);

    assertEquals(problem.type, "invalid-header");
    assertEquals(problem.errors.map(({ header }) => header), ["Host"]);
  });
}

Deno.test("host() accepts a request without Host, as in HTTP/1.0 and HTTP/2", async () => {
  const response = await serve(new Request("http://localhost/"));

  assertEquals(await response.text(), "hello");
});
