/**
 * Finds the route of a request.
 *
 * @module
 */

import { PATCH_TYPES } from "../http/json_body.ts";
import { pathOf } from "../http/path_of.ts";
import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";
import type { Route } from "./route.ts";

export {
  type Handler,
  type Method,
  open,
  type Operation,
  type Params,
  type ResponseDescription,
  type Route,
  route,
} from "./route.ts";

/**
 * Creates a function that returns whether a request needs no token: its route is
 * open, or all routes of the path are if none has the method. An unknown path needs
 * a token, so that no 404 reveals what exists.
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
    if (path === "/*" && method === "OPTIONS") {
      return new Response(null, { status: 204 });
    }
    const values: string[] = [];
    const resource = find(root, path, values);
    if (resource === undefined) throw notFound(path);

    requestState(request).route = resource.path;
    const route = routeOf(resource, method);
    if (route === undefined) return withoutRoute(method, resource);
    const response = await route.handler(request, readParams(resource, values));
    // The compiler sees to this; JavaScript, or a cast, does not.
    if (!(response instanceof Response)) {
      throw new TypeError(
        `Expected a Response from "${route.method} ${route.path}": is a "return" missing?`,
      );
    }
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
  const root = createNode();
  for (const route of routes) add(root, route);
  return root;
}

function add(root: Node, route: Route): void {
  const { method, path } = route;
  const names: string[] = [];
  let node = root;
  for (const segment of path.split("/").slice(1)) {
    if (segment.startsWith(":")) {
      names.push(segment.slice(1));
      node = node.parameter ??= createNode();
    } else node = node.children.getOrInsertComputed(segment, createNode);
  }
  const resource = node.resource ??= { path, names, routes: new Map() };
  if (resource.path !== path || resource.routes.has(method)) {
    throw new TypeError(
      `Cannot add the route "${method} ${path}": it collides with "${resource.path}"`,
    );
  }
  resource.routes.set(method, route);
}

function createNode(): Node {
  return { children: new Map() };
}

/** Decodes escapes of unreserved characters. */
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
  if (found || !node.parameter || segment === "") return found;
  values.push(segment);
  const below = find(node.parameter, path, values, end + 1);
  if (!below) values.pop();
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
    params[name] = decode(values[index]!, name);
  }
  return params;
}

function decode(value: string, name: string): string {
  if (!value.includes("%")) return value;
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    const detail = `Invalid percent-encoding in the path parameter "${name}"`;
    throw new Problem("invalid-path", detail, { cause });
  }
}

/** Responds to OPTIONS, and rejects every other method. */
function withoutRoute(method: string, { path, routes }: Resource): Response {
  const implied = routes.has("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"];
  const allow = [...routes.keys(), ...implied].sort().join(", ");
  const headers: Record<string, string> = { "Allow": allow };
  if (method !== "OPTIONS") {
    const detail = `${path} allows ${allow}`;
    throw new Problem("method-not-allowed", detail, { headers });
  }
  // RFC 5789, 3.1
  if (routes.has("PATCH")) headers["Accept-Patch"] = PATCH_TYPES.join(", ");
  return new Response(null, { status: 204, headers });
}

function notFound(path: string): Problem {
  // The client chose the path: show enough of it to be recognised, and no more.
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  const detail = `No route matches "${shown}": /docs lists all routes`;
  return new Problem("not-found", detail);
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
