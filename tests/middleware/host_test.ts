import { assertEquals, assertRejects } from "@std/assert";
import { Problem } from "../../http/problem.ts";
import { compose } from "../../middleware/compose.ts";
import { host } from "../../middleware/host.ts";

const serve = compose([host(["*"])], () => new Response("hello"));

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

const ALLOWED = ["localhost", "*.example.com", "[::1]"];

const HOSTS: [host: string, isServed: boolean][] = [
  ["localhost", true],
  ["LOCALHOST:8000", true],
  ["localhost:", true],
  ["a.example.com", true],
  ["a.b.Example.com:80", true],
  ["[::1]:8000", true],
  ["example.com", false],
  ["evilexample.com", false],
  ["localhost.evil.example", false],
  ["localhost:8000.evil.example", false],
  ["127.0.0.1", false],
  ["[::2]", false],
  ["", false],
];

for (const [value, isServed] of HOSTS) {
  Deno.test(`host() ${isServed ? "serves" : "rejects"} "${value}" where ${ALLOWED.join()} are allowed`, async () => {
    const responding = compose([host(ALLOWED)], () => new Response("hello"))(
      request(value),
    );

    if (isServed) {
      return assertEquals(await (await responding).text(), "hello");
    }
    const { type } = await assertRejects(() => responding, Problem);
    assertEquals(type, "misdirected-request");
  });
}

Deno.test("host() takes the host of HTTP/2 from the URL", async () => {
  const serve = compose([host(ALLOWED)], () => new Response("hello"));

  const served = await serve(new Request("http://a.example.com:8000/"));
  const { type } = await assertRejects(
    () => serve(new Request("http://evil.example:8000/")),
    Problem,
  );

  assertEquals(await served.text(), "hello");
  assertEquals(type, "misdirected-request");
});

Deno.test("host() accepts a request without Host, as in HTTP/1.0 and HTTP/2", async () => {
  const response = await serve(new Request("http://localhost/"));

  assertEquals(await response.text(), "hello");
});

Deno.test("host() rejects an authority of HTTP/2 that is none", async () => {
  const request = new Request("http://localhost/");
  // As Deno.serve() gives it. Such a URL cannot be passed to the constructor.
  Object.defineProperty(request, "url", { value: "http://localhost:99999/" });

  const { type } = await assertRejects(() => serve(request), Problem);
  assertEquals(type, "invalid-header");
});
