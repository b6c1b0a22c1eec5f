import { assertEquals } from "@std/assert";
import { pathOf } from "../../http/path_of.ts";

const PATHS: [url: string, path: string][] = [
  ["http://localhost", "/"],
  ["http://localhost/", "/"],
  ["http://localhost?next=/tasks", "/"],
  ["http://localhost#/tasks", "/"],
  ["http://localhost:8000/tasks/1", "/tasks/1"],
  ["http://localhost/tasks/", "/tasks/"],
  ["http://localhost/tasks?", "/tasks"],
  ["http://localhost/tasks?a=/b?c#d", "/tasks"],
  ["http://localhost/tasks#a", "/tasks"],
  ["http://localhost/tasks#a?b", "/tasks"],
  ["http://localhost/tasks#a/b", "/tasks"],
  ["http://localhost//tasks", "//tasks"],
  ["http://localhost/a://b/c", "/a://b/c"],
  ["http://localhost/%2e%2E/%3F%23", "/%2e%2E/%3F%23"],
  ["http://localhost/*", "/*"],
  ["http://user:pass@[::1]:8000/tasks", "/tasks"],
];

for (const [url, path] of PATHS) {
  Deno.test(`pathOf() finds ${path} in ${url}`, () => {
    assertEquals(pathOf(url), path);
  });
}

Deno.test("pathOf() agrees with URL on every URL of a request", () => {
  const differing = PATHS
    .map(([url]) => new URL(url))
    .filter((url) => pathOf(url.href) !== url.pathname);

  assertEquals(differing, []);
});
