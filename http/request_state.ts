/**
 * What is known about a request while it is on its way through the layers.
 *
 * Layers and routes share a few values without knowing each other: the request
 * id, the route that matched, what CORS decided. They hang on the request itself, so
 * nothing is passed along, and nothing is left behind. A `WeakMap` would do the same
 * for 0.14 µs more.
 *
 * @module
 */

/** Values that belong to one request. */
export interface RequestState {
  /** Identifier, as in `X-Request-Id`. Set by `request_id.ts`. */
  id: string;
  /** Pattern of the route that matched, such as `/tasks/:id`. Set by `router.ts`. */
  route: string;
  /** What CORS decided about the request. Set by `cors.ts`. */
  cors: CorsVerdict;
  /** Why CORS refused it: `origin`, `method PUT`, `header x-a`. Set by `cors.ts`. */
  corsReason: string;
  /** Milliseconds until the response was there. Set by `timing.ts`. */
  durationMs: number | undefined;
  /** Address of the client's end of the connection. Set by `main.ts`. */
  client: string;
  /** Tells whether a route waits for the body. Set by `body_limit.ts`. */
  receiving: () => boolean;
  /** Gives what aborts when the answer is no longer wanted. Set by `deadline.ts`. */
  signal: () => AbortSignal | undefined;
  /** Names the layer that gave no response, if that is why. Set by `compose.ts`. */
  blame: ((error: TypeError) => Promise<TypeError>) | undefined;
}

/**
 * What CORS decided: the request came from no other origin (`none`), its origin
 * is allowed or refused, or it was a preflight that was answered with yes or no.
 */
export type CorsVerdict =
  | "none"
  | "allowed"
  | "refused"
  | "preflight allowed"
  | "preflight refused";

const STATE = Symbol("what is known about the request");

type Known = Request & { [STATE]?: RequestState };

const no = (): boolean => false;
const none = (): undefined => undefined;

/**
 * Returns the values that belong to a request. They are there to be read and set.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/tasks/1");
 * requestState(request).route = "/tasks/:id";
 *
 * assertEquals(requestState(request).route, "/tasks/:id");
 * assertEquals(requestState(request).cors, "none");
 * ```
 *
 * @param request The request.
 * @returns Its values. Strings that nobody has set yet are empty.
 */
export function requestState(request: Request): RequestState {
  return (request as Known)[STATE] ??= {
    id: "",
    route: "",
    cors: "none",
    corsReason: "",
    durationMs: undefined,
    client: "",
    receiving: no,
    signal: none,
    blame: undefined,
  };
}

/**
 * Lets another request share the values of a request. `compose()` does so when a
 * layer passes another request on.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const outer = new Request("http://localhost/");
 * const inner = new Request(outer);
 * shareState(outer, inner);
 * requestState(inner).route = "/";
 *
 * assertEquals(requestState(outer).route, "/");
 * ```
 *
 * @param from The request that has the values.
 * @param to The request that shares them from now on.
 */
export function shareState(from: Request, to: Request): void {
  (to as Known)[STATE] = requestState(from);
}
