/**
 * Finds the route that answers a request.
 *
 * @module
 */

import { pathOf } from "../http/path_of.ts";
import { Problem } from "../http/problem.ts";
import { requestState } from "../http/request_state.ts";

/** Methods that a route can answer. HEAD and OPTIONS are answered for it. */
export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Names of the parameters in a path: `"/tasks/:id"` gives `{ id: string }`. */
export type Params<Path extends string> = Path extends
  `${string}:${infer Name}/${infer Rest}`
  ? Record<Name, string> & Params<`/${Rest}`>
  : Path extends `${string}:${infer Name}` ? Record<Name, string>
  : Record<never, string>;

/** Answers a request to a route, with the parameters that are in its path. */
export type Answer<Parameters> = (
  request: Request,
  params: Parameters,
) => Response | Promise<Response>;

/** A method and a path, and the function that answers them. */
export interface Route {
  /** Method, in upper case. */
  readonly method: Method;
  /** Path. A segment that begins with a colon is a parameter. */
  readonly path: string;
  /** Answers a request that matched. */
  readonly answer: Answer<Record<string, string>>;
  /** Description in OpenAPI. */
  readonly operation?: RouteOperation | undefined;
  /** Whether it needs no token, where tokens are required. */
  readonly open?: boolean;
}

/** What the document says of a route. */
export interface RouteOperation {
  /** Name of the operation, unique in the document. */
  readonly operationId: string;
  /** What it does, in a few words. */
  readonly summary: string;
  /** Other keywords of OpenAPI. */
  readonly [keyword: string]: unknown;
}

/**
 * Declares a route, so that the compiler knows the names of its parameters.
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
 * @param answer Answers a request that matched.
 * @returns The route.
 */
export function route<Path extends `/${string}`>(
  matcher: `${Method} ${Path}`,
  answer: Answer<Params<Path>>,
  operation?: RouteOperation,
): Route {
  const [method, path] = matcher.split(" ") as [Method, Path];
  // A match has a value for each name in the path, so the narrower type holds.
  return { method, path, answer: answer as Route["answer"], operation };
}

/**
 * Marks routes that need no token, where tokens are required.
 *
 * @param routes The routes.
 * @returns The same routes, marked.
 */
export function open(routes: readonly Route[]): Route[] {
  return routes.map((route) => ({ ...route, open: true }));
}

/**
 * Creates a function that returns whether a path is that of an open route.
 *
 * @example Usage
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 *
 * const hello = route("GET /hello/:name", () => new Response());
 * const isOpen = openPaths(open([hello]));
 *
 * assert(isOpen("/hello/you"));
 * assertFalse(isOpen("/hello"));
 * ```
 *
 * @param routes All routes.
 * @returns The function.
 */
export function openPaths(
  routes: readonly Route[],
): (path: string) => boolean {
  const root: Node = { children: new Map() };
  for (const route of routes) if (route.open) add(root, route);
  return (path) => find(root, path, 1, []) !== undefined;
}

/**
 * Creates a handler that gives each request to its route.
 *
 * It answers HEAD from GET, OPTIONS with 204 and `Allow`, and says no with a
 * {@linkcode Problem}: 404 for a path that is not there, 405 with `Allow` for a
 * method that is not, 400 for a parameter with a broken percent escape. A segment
 * that is written out beats a parameter: `/tasks/events` before `/tasks/:id`.
 *
 * The routes become a tree once, so that the cost of a request does not grow with
 * their number. For HEAD the body is read to learn its length: a route whose body
 * never ends sends an empty one to a HEAD request.
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
 * @returns The handler. It rejects with a {@linkcode Problem} where it says no.
 * @throws {TypeError} If two routes have the same method and path, or paths that
 * differ in nothing but the name of a parameter.
 */
export function router(
  routes: readonly Route[],
): (request: Request) => Promise<Response> {
  const root: Node = { children: new Map() };
  for (const route of routes) add(root, route);

  return async function router(request): Promise<Response> {
    const { method } = request;
    const path = pathOf(request.url);
    const values: string[] = [];
    if (path === "/*" && method === "OPTIONS") return noContent();
    const resource = find(root, path, 1, values);
    if (resource === undefined) throw notFound(path);

    requestState(request).route = resource.path;
    const answer = resource.answers.get(method === "HEAD" ? "GET" : method);
    if (answer === undefined) return refuse(method, resource);
    const response = await answer(request, readParams(resource, values));
    if (!(response instanceof Response)) throw useless(method, resource);
    return method === "HEAD" ? await withoutBody(response) : response;
  };
}

/** What is at a path. */
interface Resource {
  readonly path: string;
  readonly names: readonly string[];
  readonly answers: Map<string, Route["answer"]>;
}

/** A place in the tree of paths. Each segment leads to the next place. */
interface Node {
  readonly children: Map<string, Node>;
  parameter?: Node;
  resource?: Resource;
}

function add(root: Node, { method, path, answer }: Route): void {
  const segments = path.split("/").slice(1);
  const node = segments.reduce(step, root);
  node.resource ??= {
    path,
    names: segments.filter(isParameter).map((segment) => segment.slice(1)),
    answers: new Map(),
  };
  if (node.resource.path !== path || node.resource.answers.has(method)) {
    throw new TypeError(
      `Cannot add the route "${method} ${path}": "${node.resource.path}" is there already`,
    );
  }
  node.resource.answers.set(method, answer);
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

/** Walks the tree from the segment at `start`, and collects parameters. */
function find(
  node: Node,
  path: string,
  start: number,
  values: string[],
): Resource | undefined {
  if (start > path.length) return node.resource;
  const slash = path.indexOf("/", start);
  const end = slash === -1 ? path.length : slash;
  const segment = path.slice(start, end);

  const child = node.children.get(segment);
  const found = child && find(child, path, end + 1, values);
  if (found !== undefined) return found;

  if (node.parameter === undefined || segment === "") return undefined;
  values.push(segment);
  const below = find(node.parameter, path, end + 1, values);
  if (below === undefined) values.pop();
  return below;
}

function readParams(
  { names }: Resource,
  values: readonly string[],
): Record<string, string> {
  const params: Record<string, string> = {};
  for (let index = 0; index < names.length; index++) {
    params[names[index]!] = decode(names[index]!, values[index]!);
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
      `Cannot read the parameter "${name}" in the path: a percent escape is broken`,
      { cause },
    );
  }
}

/** Answers OPTIONS, and says no to every other method. */
function refuse(method: string, { path, answers }: Resource): Response {
  const implied = answers.has("GET") ? ["HEAD", "OPTIONS"] : ["OPTIONS"];
  const allow = [...answers.keys(), ...implied].sort().join(", ");
  if (method === "OPTIONS") {
    const response = noContent();
    response.headers.set("Allow", allow);
    return response;
  }
  throw new Problem("method-not-allowed", `${path} answers ${allow}`, {
    headers: { "Allow": allow },
  });
}

/** Answers OPTIONS where it is asked of the whole server, too (RFC 9110, 9.3.7). */
function noContent(): Response {
  return new Response(null, { status: 204 });
}

// The compiler sees to this; JavaScript, or a cast, does not.
function useless(method: string, { path }: Resource): Error {
  return new TypeError(
    `Cannot use what "${method} ${path}" answered: it is no Response (is a "return" missing?)`,
  );
}

function notFound(path: string): Problem {
  // The path is the client's: enough of it to be recognised, and no more.
  const shown = path.length > 100 ? `${path.slice(0, 100)}…` : path;
  return new Problem(
    "not-found",
    `Nothing is at "${shown}": /docs lists what is here`,
  );
}

/** RFC 9110, 9.3.2: the headers of GET, the length of the body included. */
async function withoutBody(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const { byteLength } = await response.arrayBuffer();
  // A body without end has no length, and Deno would say 0 (RFC 9110, 8.6). The
  // route sent an empty one in its place.
  if (byteLength === 0) return new Response(new Blob().stream(), response);
  const bare = new Response(null, response);
  bare.headers.set("Content-Length", String(byteLength));
  return bare;
}
