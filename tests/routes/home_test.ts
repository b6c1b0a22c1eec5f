import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { object, string } from "../../http/schema.ts";
import { homeRoutes } from "../../routes/home.ts";
import { problemRoutes } from "../../routes/problems.ts";
import { type Resource, resource } from "../../routes/resource.ts";
import { type Route, route, router } from "../../routes/router.ts";
import { tasks } from "../../routes/tasks.ts";

const PING = [route("GET /ping", () => new Response("pong"))];

function get(
  routes: readonly Route[],
  accept: string,
  live = false,
  first: Resource = tasks,
): Promise<Response> {
  const resources = [first];
  const options = { name: "<b>", version: "2.1", routes, resources };
  return router(homeRoutes({ ...options, live }))(
    new Request("http://localhost/", { headers: { "Accept": accept } }),
  );
}

Deno.test("GET / links the routes that exist, and no other", async () => {
  const response = await get([...PING, ...problemRoutes()], "*/*");

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
  const response = await get(PING, "text/html");

  const html = await response.text();
  assertStringIncludes(html, "<h1>&lt;b&gt;</h1>");
  assertStringIncludes(html, 'href="/ping">\n<strong>Ping</strong>');
  assert(!html.includes("/playground"));
});

Deno.test("GET / is the first resource for browsers where it is live", async () => {
  const page = await get(PING, "text/html", true);
  const json = await get(PING, "*/*", true);

  const html = await page.text();
  assertStringIncludes(html, "<h1>Tasks</h1>");
  assertStringIncludes(html, '<a href="/ping">Ping</a>');
  assertEquals((await json.json()).links, { ping: "/ping" });
});

Deno.test("GET / embeds the schema of the resource, whatever is in it", async () => {
  const notes = resource({
    name: "notes",
    title: "Note",
    description: "Texts <short>",
    schema: object({ text: string({ default: "</script><!--" }) }),
  });

  const html = await (await get([], "text/html", true, notes)).text();

  const [, json] = /id="data">([^]*?)<\/script>/.exec(html)!;
  const { name, schema } = JSON.parse(json!);
  assertEquals(name, "notes");
  assertEquals(schema.properties.text.default, "</script><!--");
  assertStringIncludes(html, "Texts &lt;short&gt;");
});

Deno.test("GET / loads nothing where it is live, and connects to its own origin alone", async () => {
  const response = await get([], "text/html", true);

  const policy = response.headers.get("Content-Security-Policy")!.split("; ");
  assert(policy.includes("default-src 'none'"));
  assert(policy.includes("connect-src 'self'"));
  assert(!/ src=/.test(await response.text()));
});
