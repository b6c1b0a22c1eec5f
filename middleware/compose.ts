/**
 * Chains layers around a handler.
 *
 * The list reads from the outside in: the first layer sees the request first
 * and the response last. FastAPI's reads the other way round: what was added
 * last runs first.
 *
 * @module
 */

import { shareState } from "../http/request_state.ts";

/** Answers a request. */
export type Handler = (request: Request) => Response | Promise<Response>;

/**
 * Runs the layers below and resolves to their response.
 *
 * They get the request that this layer got, or another one where it passes one.
 * What is known about the request (`http/request_state.ts`) goes along.
 */
export type Next = (request?: Request) => Promise<Response>;

/** A layer around a {@linkcode Handler}. It must return a response. */
export type Middleware = (request: Request, next: Next) => Promise<Response>;

type Composed = (request: Request) => Promise<Response>;

/**
 * Wraps `handler` in `layers` and returns one function to serve.
 *
 * The chain is built once: a request pays for no array work, and a later change
 * to `layers` has no effect.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const serve = compose(
 *   [async (_request, next) => {
 *     const response = await next();
 *     response.headers.set("X-Layer", "outer");
 *     return response;
 *   }],
 *   () => new Response("hello"),
 * );
 *
 * const response = await serve(new Request("http://localhost/"));
 * assertEquals(response.headers.get("X-Layer"), "outer");
 * ```
 *
 * @param layers Layers, outermost first.
 * @param handler Answers when every layer has called `next()`.
 * @returns A function that runs the chain for one request. It rejects with an
 * `Error` where a layer calls `next()` twice, with a `TypeError` where a layer
 * or the handler gives no response, and otherwise with what a layer throws.
 */
export function compose(
  layers: readonly Middleware[],
  handler: Handler,
): (request: Request) => Promise<Response> {
  return layers.reduceRight<Composed>(
    (below, layer, index) => wrap(layer, nameOf(layer, index), below),
    async (request) => checkResponse(await handler(request), "the handler"),
  );
}

function wrap(layer: Middleware, name: string, below: Composed): Composed {
  return async function (request: Request): Promise<Response> {
    let called = false;

    // Not async itself: it hands on the promise of the layer below.
    function next(other = request): Promise<Response> {
      if (called) return Promise.reject(calledTwice(name));
      called = true;
      if (other !== request) shareState(request, other);
      return below(other);
    }

    return checkResponse(await layer(request, next), name);
  };
}

function nameOf({ name }: Middleware, index: number): string {
  return name === "" ? `layer ${index + 1} (unnamed)` : `layer "${name}"`;
}

function calledTwice(name: string): Error {
  return new Error(
    `Cannot call next() again in ${name}: it was already called for this request`,
  );
}

// The compiler sees to this; a caller in JavaScript, or a cast, does not.
function checkResponse(response: unknown, name: string): Response {
  if (response instanceof Response) return response;
  throw new TypeError(
    `Cannot use what ${name} returned: expected a Response, got ${typeof response} (is a "return" missing?)`,
  );
}
