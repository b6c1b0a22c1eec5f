/**
 * Chains layers around a handler.
 *
 * The list reads from the outside in: the first layer sees the request first
 * and the response last. FastAPI's reads the other way round: what was added
 * last runs first.
 *
 * @module
 */

import { requestState, shareState } from "../http/request_state.ts";

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

/** What each layer has promised for one request, by its place in the list. */
type Answers = Promise<Response>[];

type Composed = (request: Request, answers: Answers) => Promise<Response>;

/**
 * Wraps `handler` in `layers` and returns one function to serve.
 *
 * The chain is built once: a request walks no list, and a later change to `layers`
 * has no effect.
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
 * or the handler gives no response, and otherwise with what a layer throws. Both
 * errors name the layer, and `errors()` answers for them as for any other.
 */
export function compose(
  layers: readonly Middleware[],
  handler: Handler,
): (request: Request) => Promise<Response> {
  const names = [...layers.map(nameOf), "the handler"];
  const last: Composed = (request, answers) => {
    const answer = handler(request);
    return answers[names.length - 1] = answer instanceof Promise
      ? answer
      : Promise.resolve(answer);
  };
  const chain = layers.reduceRight<Composed>(
    (below, layer, index) => wrap(layer, index, names[index]!, below),
    last,
  );

  return async function composed(request): Promise<Response> {
    const answers: Answers = new Array(names.length);
    const state = requestState(request);
    const outer = state.blame;
    // Of a composition in another one, the outer one knows more.
    state.blame ??= (error) => blame(error, answers, names);
    try {
      const response = await chain(request, answers);
      if (response instanceof Response) return response;
      throw new TypeError("Cannot answer without a Response");
    } catch (error) {
      // Of anything else nobody else is to blame: it travels up as it is.
      throw error instanceof TypeError
        ? await blame(error, answers, names)
        : error;
    } finally {
      state.blame = outer;
    }
  };
}

// Nothing here is asynchronous: a layer costs what it does itself, and no more. With
// a look at each answer as it comes by it would cost twice as much.
function wrap(
  layer: Middleware,
  index: number,
  name: string,
  below: Composed,
): Composed {
  return function (request, answers): Promise<Response> {
    let called = false;

    function next(other = request): Promise<Response> {
      // At once: nobody may wait for what it returns.
      if (called) throw calledTwice(name);
      called = true;
      if (other !== request) shareState(request, other);
      try {
        return below(other, answers);
      } catch (error) {
        return Promise.reject(error);
      }
    }

    return answers[index] = layer(request, next);
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

/**
 * Finds the innermost layer that gave no response: what failed above it, with a
 * `TypeError`, failed for that. Answers that are not there yet are not waited for.
 */
async function blame(
  error: TypeError,
  answers: Answers,
  names: readonly string[],
): Promise<TypeError> {
  const faults: TypeError[] = [];
  answers.forEach((answer, index) => {
    Promise.resolve<unknown>(answer).then((value) => {
      if (value instanceof Response) return;
      faults[index] = useless(names[index]!, value, error);
    }, () => {});
  });
  // Whoever has ended says so in the next turn.
  await Promise.resolve();
  await Promise.resolve();
  return faults.at(-1) ?? error;
}

// The compiler sees to this; a caller in JavaScript, or a cast, does not.
function useless(name: string, value: unknown, cause: Error): TypeError {
  return new TypeError(
    `Cannot use what ${name} returned: expected a Response, got ${typeof value} (is a "return" missing?)`,
    { cause },
  );
}
