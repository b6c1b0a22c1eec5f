import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { homeRoutes } from "../../routes/home.ts";
import { pingRoutes } from "../../routes/ping.ts";
import { problemRoutes } from "../../routes/problems.ts";
import { type Route, route, router } from "../../routes/router.ts";
import { tasks } from "../../routes/tasks.ts";

function get(
  routes: readonly Route[],
  accept: string,
  live = false,
): Promise<Response> {
  const resources = [tasks];
  const options = { name: "<b>", version: "2.1", routes, resources, live };
  return router(homeRoutes(options))(
    new Request("http://localhost/", { headers: { "Accept": accept } }),
  );
}

Deno.test("GET / links the routes that exist, and no other", async () => {
  const response = await get([...pingRoutes(), ...problemRoutes()], "*/*");

  assertEquals(await response.json(), {
    name: "<b>",
    version: "2.1",
    links: { problems: "/problems", ping: "/ping" },
  });
});

Deno.test("GET / links the playground where it exists", async () => {
  const playground = route("GET /playground", () => new Response());

  const response = await get([playground], "application/json");

  assertEquals((await response.json()).links, { playground: "/playground" });
});

Deno.test("GET / responds with a page to browsers, with the name escaped", async () => {
  const response = await get(pingRoutes(), "text/html");

  const html = await response.text();
  assertStringIncludes(html, "<h1>&lt;b&gt;</h1>");
  assertStringIncludes(html, 'href="/ping">\n<strong>Ping</strong>');
  assert(!html.includes("/playground"));
});

Deno.test("GET / is the first resource for browsers where it is live", async () => {
  const page = await get(pingRoutes(), "text/html", true);
  const json = await get(pingRoutes(), "*/*", true);

  const html = await page.text();
  assertStringIncludes(html, "<h1>Tasks</h1>");
  assertStringIncludes(html, '<a href="/ping">Ping</a>');
  assertEquals((await json.json()).links, { ping: "/ping" });
});
