/**
 * What `router()` costs: with 8 to 1,000 routes, and for each of its outcomes. The
 * baselines are the handler alone, and a list of `URLPattern`s that is asked in turn.
 *
 * @module
 */

import { type Route, route, router } from "../../routes/router.ts";

const response = new Response("hello");

function routesFor(count: number): Route[] {
  return Array.from({ length: count / 2 }, (_, index) => [
    route(`GET /things${index}`, () => response),
    route(`GET /things${index}/:id`, () => response),
  ]).flat();
}

function patternsFor(count: number): (request: Request) => Response {
  const patterns = routesFor(count).map(({ path }) =>
    new URLPattern({ pathname: path })
  );
  return ({ url }) => {
    for (const pattern of patterns) if (pattern.exec(url)) return response;
    throw new Error(`Nothing is at ${url}`);
  };
}

for (const count of [8, 64, 1000]) {
  const last = count / 2 - 1;
  const request = new Request(`http://localhost/things${last}/7?done=true`);
  const serve = router(routesFor(count));
  const group = `the last of ${count} routes`;
  Deno.bench(`router()`, { group, baseline: true }, async () => {
    await serve(request);
  });
  const ask = patternsFor(count);
  Deno.bench(`URLPattern, one by one`, { group }, () => {
    ask(request);
  });
}

const serve = router(routesFor(8));
const ANSWERS: Record<string, [path: string, method?: string]> = {
  "a path without parameters": ["/things3"],
  "a parameter": ["/things3/7"],
  "a parameter with an escape": ["/things3/%C3%BC"],
  "404": ["/nothing/here"],
  "405": ["/things3", "POST"],
  "OPTIONS": ["/things3", "OPTIONS"],
};
// deno-lint-ignore require-await -- as asynchronous as a route
const bare = async (_request: Request): Promise<Response> => response;
const there = new Request("http://localhost/things3");

for (const [name, [path, method = "GET"]] of Object.entries(ANSWERS)) {
  const request = new Request(`http://localhost${path}`, { method });
  Deno.bench(name, { group: "outcomes" }, async () => {
    await serve(request).catch(() => {});
  });
}
Deno.bench(
  "the handler alone",
  { group: "outcomes", baseline: true },
  async () => {
    await bare(there);
  },
);
