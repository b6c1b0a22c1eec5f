/**
 * Declares routes.
 *
 * @module
 */

import type { ProblemName } from "../http/problem_types.ts";
import type { HeaderName, ParameterName } from "./docs/components.ts";

/** Methods that a route can have. HEAD and OPTIONS are handled for it. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Names of the parameters in a path: `"/tasks/:id"` gives `{ id: string }`. */
export type Params<Path extends string> = Path extends
  `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & Params<`/${Rest}`>
  : Path extends `${string}:${infer Name}` ? Record<Name, string>
  : Record<never, string>;

/** Responds to a request, with the parameters in its path. */
export type Handler<Parameters> = (
  request: Request,
  params: Parameters,
) => Response | Promise<Response>;

/** What the documents show of a route, beside what all routes have in common. */
export interface Operation {
  /** Name of the operation, unique among all. */
  readonly operationId: string;
  /** The group that it belongs to. */
  readonly tags: readonly string[];
  /** What it does, in a few words. */
  readonly summary: string;
  /** What else there is to know. Backticks mark code. */
  readonly description: string;
  /** Its parameters: names of shared ones, or Parameter Objects of OpenAPI. */
  readonly parameters?: readonly (ParameterName | object)[];
  /** JSON Schema of the body that it reads. */
  readonly body?: object;
  /** Its responses by status, but for problems. */
  readonly responses: Readonly<Record<number, ResponseDescription>>;
  /** Its problems, beside those of every route. */
  readonly problems?: readonly ProblemName[];
}

/** What the documents show of a response. */
export interface ResponseDescription {
  /** What the client gets. */
  readonly description: string;
  /** Names of its headers, beside those of every response. */
  readonly headers?: readonly HeaderName[];
  /** JSON Schema of its body as JSON. */
  readonly json?: object;
  /** Whether browsers get a page. */
  readonly html?: boolean;
  /** Its bodies of other media types, as OpenAPI describes them. */
  readonly content?: object;
}

/** A method, a path and their handler. */
export interface Route {
  /** Method. */
  readonly method: Method;
  /** A segment that begins with a colon is a parameter. */
  readonly path: string;
  /** Responds to a request that matched. */
  readonly handler: Handler<Record<string, string>>;
  /** What the documents show. A route without it is not documented. */
  readonly description?: Operation | undefined;
  /** Whether the route needs no token. Set by {@linkcode open}. */
  readonly open?: boolean;
}

/**
 * Declares a route, whose handler has typed parameters.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const hello = route("GET /hello/:name", (_request, { name }) =>
 *   new Response(`Hello, ${name}`));
 *
 * assertEquals(hello.path, "/hello/:name");
 * ```
 *
 * @param matcher Method and path, separated by one space.
 */
export function route<Path extends `/${string}`>(
  matcher: `${Method} ${Path}`,
  handler: Handler<Params<Path>>,
  description?: Operation,
): Route {
  const [method, path] = matcher.split(" ") as [Method, Path];
  // A match has a value for each name in the path, so the narrower type holds.
  return { method, path, handler: handler as Route["handler"], description };
}

/**
 * Marks routes that need no token. Other routes need one where tokens are used.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
 *
 * const [ping] = open([route("GET /ping", () => new Response("pong"))]);
 *
 * assert(ping?.open);
 * ```
 */
export function open(routes: readonly Route[]): Route[] {
  return routes.map((route) => ({ ...route, open: true }));
}
