/**
 * Walks the routes and the OpenAPI document both ways, so that they cannot drift.
 *
 * Where it fails, describe the route in OpenAPI, or name it below with the reason
 * why it is left out.
 */

import { assertEquals } from "@std/assert";
import { openApp, type TestApp } from "./app.ts";

const LEFT_OUT = [
  // The playground: in development only, and for its own page.
  "GET /playground",
  "GET /playground/error",
  "GET /playground/frame",
  "GET /playground/runs/:run",
  "PATCH /playground/note",
  "PUT /playground/note",
];

for (const appMode of ["production", "development"] as const) {
  Deno.test(`in ${appMode}, every route is described, and every description has a route`, async () => {
    await using app = await openApp({ appMode });

    assertEquals(
      await describedBy(app),
      routesOf(app).filter((name) => !LEFT_OUT.includes(name)),
    );
  });
}

Deno.test("every route that is left out exists", async () => {
  await using app = await openApp({ appMode: "development" });

  const routes = routesOf(app);

  assertEquals(LEFT_OUT.filter((name) => !routes.includes(name)), []);
});

function routesOf({ routes }: TestApp): string[] {
  return routes.map(({ method, path }) => `${method} ${path}`).sort();
}

/** What the document has, as routes are written. */
async function describedBy(app: TestApp): Promise<string[]> {
  const { paths } = await (await app.fetch("/openapi.json")).json();
  return Object.entries<object>(paths).flatMap(([path, item]) =>
    Object.keys(item)
      .filter((key) => key !== "parameters")
      .map((method) =>
        `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ":$1")}`
      )
  ).sort();
}
