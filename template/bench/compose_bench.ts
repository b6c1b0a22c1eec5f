/**
 * What `compose()` costs: chains from 1 to 20 layers that do nothing. Those that
 * return `next()` show what the chain itself costs; those that await it, what an
 * asynchronous function costs on top. The baseline is the handler alone.
 *
 * @module
 */

import { compose, type Middleware } from "../../middleware/compose.ts";

const request = new Request("http://localhost/ping");
const response = new Response("pong");

const LAYERS: Record<string, Middleware> = {
  "return next()": (_request, next) => next(),
  "await next()": async (_request, next) => await next(),
};

for (const [what, layer] of Object.entries(LAYERS)) {
  for (const count of [0, 1, 2, 5, 10, 20]) {
    const serve = compose(Array(count).fill(layer), () => response, {
      checked: false,
    });
    const options = { group: what, baseline: count === 0 };
    Deno.bench(`${count} layers that ${what}`, options, async () => {
      await serve(request);
    });
  }
}
