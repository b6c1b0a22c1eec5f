/**
 * Finds the route of a request.
 *
 * @module
 */

import { PATCH_TYPES } from "../http/json_body.ts";
import { pathOf } from "../http/path_of.ts";
import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";

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

/** An OpenAPI operation: what the documents show of a route. */
export interface Operation {
  /** Name of the operation, unique among all. */
  readonly operationId: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** The other keywords of an Operation Object. */
  readonly [keyword: string]: unknown;
}

/** A method, a path and their handler. */
export interface Route {
  /** Method, in upper case. */
  readonly method: Method;
  /** Path. A segment that begins with a colon is a parameter. */
  readonly path: string;
  /** Responds to a request that matched. */
  readonly handler: Handler<Record<string, string>>;
  /** What the documents show. A route without it is not documented. */
  readonly description?: Operation;
  /** Whether the route needs no token. Set by {@linkcode open}. */
  readonly open?: boolean;
}

/**
 * Declares a route. The compiler then knows the names of its parameters.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const hello = route("GET /hello/:name", (_request, { name }) =>
 *   new Response(`Hello, ${name}`));
 *
 * assertEquals(hello.method, "GET");
 * assertEquals(hello.path, "/hello/:name");
 * ```
 *
 * @typeParam Path The path, inferred from `matcher`.
 * @param matcher Method and path, separated by one space.
 */
export function route<Path extends `/${string}`>(
  matcher: `${Method} ${Path}`,
  handler: Handler<Params<Path>>,
  description?: Operation,
): Route {
  const [method, path] = matcher.split(" ") as [Method, Path];
  return {
    method,
    path,
    // A match has a value for each name in the path, so the narrower type holds.
    handler: handler as Route["handler"],
    ...(description && { description }),
  };
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

/**
 * Creates a function that returns whether a request needs no token. Its route must
 * be open, or all routes of the path if none has the method. An unknown path needs a
 * token, so that no 404 reveals what exists.
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const isOpen = openRequests(open([route("GET /ping", () => new Response())]));
 *
 * assert(isOpen(new Request("http://localhost/ping")));
 * assertFalse(isOpen(new Request("http://localhost/tasks")));
 * ```
 *
 * @param routes All routes, in any order.
 */
export function openRequests(
  routes: readonly Route[],
): (request: Request) => boolean {
  const root = treeOf(routes);

  return function isOpen({ method, url }): boolean {
    const resource = find(root, normalize(pathOf(url)));
    if (resource === undefined) return false;
    const route = routeOf(resource, method);
    const asked = route ? [route] : [...resource.routes.values()];
    return asked.every(({ open }) => open === true);
  };
}

/**
 * Creates a handler that calls the handler of the route that matches.
 *
 * HEAD is served by GET, OPTIONS with 204 and `Allow`. A segment that is written
 * out takes precedence over a parameter: `/tasks/events` over `/tasks/:id`. An
 * escape of a letter or digit is the same as the character
 * ({@link https://www.rfc-editor.org/rfc/rfc3986#section-6.2.2.2 | RFC 3986, 6.2.2.2}).
 *
 * The routes become a tree once, so the cost of a request does not grow with their
 * number. For HEAD the body is read to its end to find its length: a route whose
 * body never ends must send an empty one to a HEAD request.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const serve = router([
 *   route("GET /hello/:name", (_request, { name }) => new Response(name)),
 * ]);
 *
 * const response = await serve(new Request("http://localhost/hello/J%C3%BCrg"));
 * assertEquals(await response.text(), "Jürg");
 * ```
 *
 * @param routes The routes, in any order.
 * @returns The handler. It rejects with a {@linkcode Problem}: 404 for an unknown
 * path, 405 with `Allow` for a method without a route, 400 for a parameter with
 * invalid percent-encoding.
 * @throws {TypeError} If two routes have the same method and path, or paths that
 * differ in nothing but the name of a parameter.
 */
export function router(
  routes: readonly Route[],
): (request: Request) => Promise<Response> {
  const root = treeOf(routes);

  return async function router(request): Promise<Response> {
    const { method } = request;
    const path = normalize(pathOf(request.url));
    // RFC 9110, 9.3.7: OPTIONS of the whole server.
    if (path === "/*" && method === "OPTIONS") return noContent();
    const values: string[] = [];
    const resource = find(root, path, values);
    if (resource === undefined) throw notFound(path);

    requestState(request).route = resource.path;
    const route = routeOf(resource, method);
    if (route === undefined) return withoutRoute(method, resource);
    const params = readParams(resource, values);
    const response = await route.handler(request, params);
    if (!(response instanceof Response)) throw noResponse(route);
    return method === "HEAD" ? await withoutBody(response) : response;
  };
}

/** The routes of a path. */
interface Resource {
  readonly path: string;
  readonly names: readonly string[];
  readonly routes: Map<string, Route>;
}

/** A place in the tree of paths. Each segment leads to the next place. */
interface Node {
  readonly children: Map<string, Node>;
  parameter?: Node;
  resource?: Resource;
}

function treeOf(routes: readonly Route[]): Node {
  const root: Node = { children: new Map() };
  for (const route of routes) add(root, route);
  return root;
}

function add(root: Node, route: Route): void {
  const { method, path } = route;
  const segments = path.split("/").slice(1);
  const resource = segments.reduce(step, root).resource ??= {
    path,
    names: segments.filter(isParameter).map((segment) => segment.slice(1)),
    routes: new Map(),
  };
  if (resource.path !== path || resource.routes.has(method)) {
    throw new TypeError(
      `Cannot add the route "${method} ${path}": it collides with "${resource.path}"`,
    );
  }
  resource.routes.set(method, route);
}

function step(node: Node, segment: string): Node {
  if (isParameter(segment)) {
    return node.parameter ??= { children: new Map() };
  }
  const child = node.children.get(segment) ?? { children: new Map() };
  node.children.set(segment, child);
  return child;
}

function isParameter(segment: string): boolean {
  return segment.startsWith(":");
}

/** Decodes escapes of unreserved characters, which are the same as the character. */
function normalize(path: string): string {
  return path.includes("%")
    ? path.replace(ESCAPED_UNRESERVED, decodeURIComponent)
    : path;
}

// A-Z a-z 0-9 - . _ ~
const ESCAPED_UNRESERVED = /%(?:2[de]|3\d|[46][1-9a-f]|[57][\da]|5f|7e)/gi;

/** Walks the tree from the segment at `start`, and collects parameters. */
function find(
  node: Node,
  path: string,
  values: string[] = [],
  start = 1,
): Resource | undefined {
  if (start > path.length) return node.resource;
  const slash = path.indexOf("/", start);
  const end = slash === -1 ? path.length : slash;
  const segment = path.slice(start, end);

  const child = node.children.get(segment);
  const found = child && find(child, path, values, end + 1);
  if (found !== undefined) return found;

  if (node.parameter === undefined || segment === "") return undefined;
  values.push(segment);
  const below = find(node.parameter, path, values, end + 1);
  if (below === undefined) values.pop();
  return below;
}

function routeOf({ routes }: Resource, method: string): Route | undefined {
  return routes.get(method === "HEAD" ? "GET" : method);
}

function readParams(
  { names }: Resource,
  values: readonly string[],
): Record<string, string> {
  const params: Record<string, string> = {};
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!;
    params[name] = decode(name, values[index]!);
  }
  return params;
}

function decode(name: string, value: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw new Problem(
      "invalid-path",
      `Invalid percent-encoding in the path parameter "${name}"`,
      { cause },
    );
  }
}

/** Responds to OPTIONS, and rejects every other method. */
function withoutRoute(method: string, { path, routes }: Resource): Response {
  const implied = routes.has("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"];
  const allow = [...routes.keys(), ...implied].sort().join(", ");
  const headers = { "Allow": allow };
  if (method !== "OPTIONS") {
    const detail = `${path} allows ${allow}`;
    throw new Problem("method-not-allowed", detail, { headers });
  }
  const patch = { "Accept-Patch": PATCH_TYPES.join(", ") }; // RFC 5789, 3.1
  return noContent({ ...headers, ...(routes.has("PATCH") && patch) });
}

function noContent(headers: Record<string, string> = {}): Response {
  return new Response(null, { status: 204, headers });
}

// The compiler sees to this; JavaScript, or a cast, does not.
function noResponse({ method, path }: Route): TypeError {
  return new TypeError(
    `Expected a Response from "${method} ${path}": is a "return" missing?`,
  );
}

function notFound(path: string): Problem {
  // The client chose the path: show enough of it to be recognised, and no more.
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return new Problem(
    "not-found",
    `No route matches "${shown}": /docs lists all routes`,
  );
}

/** Keeps the headers of GET, with the length of the body (RFC 9110, 9.3.2). */
async function withoutBody(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const { byteLength } = await response.arrayBuffer();
  // A body without end has no length, and Deno would send 0 (RFC 9110, 8.6). The
  // route sent an empty one in its place.
  if (byteLength === 0) return new Response(new Blob().stream(), response);
  const bare = new Response(null, response);
  bare.headers.set("Content-Length", String(byteLength));
  return bare;
}
