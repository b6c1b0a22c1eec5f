/**
 * Writes the OpenAPI 3.1 document from the routes and the resources.
 *
 * @module
 */

import { PATCH_TYPES } from "../../http/json_body.ts";
import { PROBLEM_TYPES, type ProblemName } from "../../http/problem_types.ts";
import type { Resource } from "../resource/declaration.ts";
import type { Operation, ResponseDescription, Route } from "../route.ts";
import {
  COMMON_HEADERS,
  COMPONENTS,
  type Components,
  type HeaderName,
  ref,
} from "./components.ts";
import { resourceSchemas } from "./resource_schemas.ts";

/** What there is to describe. */
export interface OpenApiOptions {
  /** Name of the API. */
  readonly name: string;
  /** Version of the API. */
  readonly version: string;
  /** Where the API is, unless it is at the root of its origin. */
  readonly publicUrl?: string;
  /** URL or e-mail address of the operator. */
  readonly contact?: string | undefined;
  /** The routes. Those without a description are left out. */
  readonly routes: readonly Route[];
  /** The resources. */
  readonly resources: readonly Resource[];
}

/**
 * Prepares the description of an API.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const about = { name: "tasks-api", version: "2.1", routes: [], resources: [] };
 *
 * assertEquals(openApi(about)()["openapi"], "3.1.1");
 * ```
 *
 * @returns A function that describes the routes that there are by then.
 * @throws {TypeError} If two schemas have one name.
 */
export function openApi(
  options: OpenApiOptions,
): () => Record<string, unknown> {
  const { name: title, version, publicUrl, contact, routes, resources } =
    options;
  const components = { ...COMPONENTS, schemas: schemasOf(resources) };
  const own = resources.map(({ tag: name, description }) => ({
    name,
    description,
  }));
  const kind = URL.canParse(contact ?? "") ? "url" : "email";
  const about = contact && { contact: { [kind]: contact } };

  return () => {
    const paths = pathsOf(routes);
    const used = usedIn(paths, components);
    return {
      openapi: "3.1.1",
      info: { title, version, ...about, ...INFO },
      servers: [{ url: publicUrl || "/" }],
      tags: [...own, ...TAGS],
      paths,
      components: { ...used, securitySchemes: { token: TOKEN } },
    };
  };
}

/** Keeps the components that the paths or a schema refer to. */
function usedIn(paths: object, components: Components): Components {
  const text = JSON.stringify([paths, components["schemas"]]);
  const kept = Object.entries(components).map(([kind, named]) => {
    const entries = Object.entries(named)
      .filter(([name]) => text.includes(`"${ref(`${kind}/${name}`).$ref}"`));
    return [kind, Object.fromEntries(entries)];
  });
  return Object.fromEntries(kept);
}

function schemasOf(resources: readonly Resource[]): Record<string, object> {
  const schemas = { ...COMPONENTS["schemas"] };
  for (const resource of resources) {
    const own = resourceSchemas(resource);
    const twice = Object.keys(own).find((name) => name in schemas);
    if (twice !== undefined) {
      throw new TypeError(
        `Cannot describe ${resource.name}: there is another schema "${twice}", so change the title`,
      );
    }
    Object.assign(schemas, own);
  }
  return schemas;
}

function pathsOf(routes: readonly Route[]): Record<string, object> {
  const paths: Record<string, Record<string, object>> = {};
  for (const route of routes) {
    if (route.description === undefined) continue;
    const item = paths[route.path.replaceAll(/:(\w+)/g, "{$1}")] ??= {
      // A client may send its own id to every path.
      parameters: [ref("parameters/RequestId")],
    };
    item[route.method.toLowerCase()] = operationOf(route, route.description);
  }
  return paths;
}

/** Adds what all operations have in common. */
function operationOf({ method, path, open }: Route, about: Operation): object {
  const { parameters = [], body, responses, problems = [], ...rest } = about;
  const types = method === "PATCH" ? PATCH_TYPES : ["application/json"];
  const content = types.map((type) => [type, { schema: body }]);
  const requestBody = { required: true, content: Object.fromEntries(content) };
  const names = new Set<ProblemName>([
    ...(open ? [] : ["unauthorized"] as const),
    ...(path.includes(":") ? ["invalid-path"] as const : []),
    ...(body ? BODY_PROBLEMS : []),
    ...problems,
    ...ANYWHERE,
  ]);
  const { html, headers = [] } = responses[200] ?? {};
  const isTagged = method === "GET" && (html || headers.includes("ETag"));
  const own = { ...responses, ...(isTagged && { 304: NOT_MODIFIED }) };
  const all = [...Object.entries(own), ...problemsOf(names, method)];
  return {
    ...rest,
    security: open ? [] : [{}, { token: [] }],
    parameters: parameters.map((one) =>
      typeof one === "string" ? ref(`parameters/${one}`) : one
    ),
    ...(body && { requestBody }),
    responses: Object.fromEntries(
      all.map(([status, response]) => [status, responseOf(response)]),
    ),
  };
}

/** Describes one response for each status, with an example of each problem. */
function problemsOf(
  names: Iterable<ProblemName>,
  method: string,
): [status: number, ResponseDescription][] {
  const accept = method === "PATCH" ? "Accept-Patch" : "Accept-Post";
  const headers: Record<number, HeaderName[]> = {
    401: ["WWW-Authenticate"],
    415: [accept, "Accept-Encoding"],
    429: ["Retry-After"],
    503: ["Retry-After"],
  };
  const byStatus = Map.groupBy(names, (name) => PROBLEM_TYPES[name].status);
  return [...byStatus].map(([status, names]) => {
    const titles = names.map((name) => PROBLEM_TYPES[name].title);
    const examples = names.map((name) => [name, ref(`examples/${name}`)]);
    const body = {
      schema: ref("schemas/Problem"),
      examples: Object.fromEntries(examples),
    };
    return [status, {
      description: titles.join(", or: "),
      headers: headers[status] ?? [],
      content: { "application/problem+json": body },
    }];
  });
}

function responseOf(response: ResponseDescription): object {
  const { headers = [], json, html, ...rest } = response;
  const names = [...headers, ...(html ? PAGE_HEADERS : []), ...COMMON_HEADERS];
  const refs = names.map((name) => [name, ref(`headers/${name}`)]);
  const content = {
    ...(json && { "application/json": { schema: json } }),
    ...(html && { "text/html": { schema: { type: "string" } } }),
  };
  return {
    ...((json || html) && { content }),
    ...rest,
    headers: Object.fromEntries(refs),
  };
}

const BODY_PROBLEMS = [
  "invalid-json",
  "request-timeout",
  "body-too-large",
  "unsupported-media-type",
  "invalid-body",
] as const;

const ANYWHERE = [
  "invalid-header",
  "too-many-requests",
  "internal-error",
  "unavailable",
  "deadline-passed",
] as const;

const NOT_MODIFIED: ResponseDescription = {
  description: "The client has this version",
  headers: ["ETag"],
};

const PAGE_HEADERS = [
  "ETag",
  "Content-Security-Policy",
  "Referrer-Policy",
  "X-Content-Type-Options",
];

const INFO = {
  license: { name: "MIT", identifier: "MIT" },
  description: `\
Every response has the id of its request in \`X-Request-Id\`. Send your own, 1 to 128 letters, digits and \`_.=-\`, and it is kept.

Errors are \`application/problem+json\` (RFC 9457) with all validation errors in one response. The \`type\` is the address of a page with the cause and the cure.

\`HEAD\` works wherever \`GET\` does. \`OPTIONS\` lists the methods of a path in \`Allow\`, and so does the 405 for any other method. A path that is not listed here is 404; so is one with a trailing slash.

401 occurs where the operator requires tokens, 429 and the \`RateLimit\` headers where there is a limit, 503 while the server stops. Where the operator turns security headers on, every response has them. The preflight of an origin that is not allowed is 403.`,
};

const TAGS = [
  { name: "Health", description: "For load balancers and orchestrators." },
  { name: "Documentation", description: "For people and their tools." },
];

const TOKEN = {
  type: "http",
  scheme: "bearer",
  description: "Needed where the operator requires tokens (`API_TOKENS`).",
};
