/**
 * What `compose()` costs: chains of layers that do nothing, from 1 to 20. The
 * baseline is the handler alone, so the growth is the cost of a layer.
 *
 * @module
 */

import { compose, type Middleware } from "../middleware/compose.ts";

const request = new Request("http://localhost/ping");
const response = new Response("pong");

const pass: Middleware = async function pass(
  _request,
  next,
): Promise<Response> {
  return await next();
};

for (const count of [0, 1, 2, 5, 10, 20]) {
  const serve = compose(Array(count).fill(pass), () => response);
  const options = { group: "layers", baseline: count === 0 };
  Deno.bench(`${count} layers`, options, async () => {
    await serve(request);
  });
}
