/**
 * Writes the OpenAPI 3.1 document from the routes and the resources.
 *
 * @module
 */

import type { Resource } from "../resource/declaration.ts";
import type { Route } from "../router.ts";
import { PROBLEM_TYPES } from "../../http/problem_types.ts";
import { HEADERS, type Json, members, ref } from "./operation.ts";
import { PARAMETERS } from "./parameters.ts";
import { describeResource } from "./resource_operations.ts";

/** A document that describes an API. */
export interface OpenApiDocument {
  /** Version of OpenAPI. */
  readonly openapi: "3.1.1";
  /** Name, version and introduction. */
  readonly info: Readonly<Record<string, Json>>;
  /** Where the API is. */
  readonly servers: readonly { readonly url: string }[];
  /** The groups of operations. */
  readonly tags: readonly Json[];
  /** Operations by path and method. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** What operations share, by kind, then by name. */
  readonly components: Readonly<Record<string, Readonly<Record<string, Json>>>>;
}

/** Options for {@linkcode openApiDocument}. */
export interface OpenApiOptions {
  /** Name of the API. */
  readonly name: string;
  /** Version of the API. */
  readonly version: string;
  /** Where the API is, unless it is at the root of its origin. */
  readonly publicUrl?: string;
  /** The routes. Those without a description are left out. */
  readonly routes: readonly Route[];
  /** The resources, for their schemas. */
  readonly resources: readonly Resource[];
}

/**
 * Describes the API.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { pingRoutes } from "../ping.ts";
 *
 * const { paths } = openApiDocument({
 *   name: "tasks-api",
 *   version: "2.1",
 *   routes: pingRoutes(),
 *   resources: [],
 * });
 *
 * assertEquals(Object.keys(paths), ["/ping"]);
 * ```
 */
export function openApiDocument(options: OpenApiOptions): OpenApiDocument {
  const { name: title, version, publicUrl, routes, resources } = options;
  const described = resources.map(describeResource);
  const paths = pathsOf(routes);
  const components = {
    schemas: Object.assign(
      {},
      ...described.map(({ schemas }) => schemas),
      SCHEMAS,
    ),
    parameters: PARAMETERS,
    headers: HEADERS,
    examples: EXAMPLES,
  };
  return {
    openapi: "3.1.1",
    info: { title, version, description: INTRODUCTION, license: LICENSE },
    servers: [{ url: publicUrl || "/" }],
    tags: [
      ...described.map(({ tag }) => tag),
      { name: "Health", description: "For load balancers and orchestrators." },
      { name: "Documentation", description: "For people and their tools." },
    ],
    paths,
    components: {
      ...usedIn(paths, components),
      securitySchemes: { token: TOKEN },
    },
  };
}

function pathsOf(routes: readonly Route[]): OpenApiDocument["paths"] {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const { method, path, description, open } of routes) {
    if (description === undefined) continue;
    const security = open ? [] : [{}, { token: [] }];
    const item = paths[path.replaceAll(/:(\w+)/g, "{$1}")] ??= {
      // A client may send its own id to every path.
      parameters: [ref("parameters/RequestId")],
    };
    item[method.toLowerCase()] = { security, ...description };
  }
  return paths;
}

type Components = Record<string, Record<string, Json>>;

/** Keeps the components that the paths refer to, or that one of these refers to. */
function usedIn(paths: unknown, components: Components): Components {
  const used = new Set<string>();
  const open = [JSON.stringify(paths)];
  for (const text of open) {
    for (const [, kind, name] of text.matchAll(REFERENCE)) {
      if (used.has(`${kind}/${name}`)) continue;
      used.add(`${kind}/${name}`);
      open.push(JSON.stringify(components[kind!]![name!]));
    }
  }
  const kept = Object.entries(components).map(([kind, named]) => {
    const entries = Object.entries(named);
    return [kind, entries.filter(([name]) => used.has(`${kind}/${name}`))];
  }) as [string, [string, Json][]][];
  return Object.fromEntries(
    kept.map(([kind, entries]) => [kind, Object.fromEntries(entries)]),
  );
}

const REFERENCE = /"#\/components\/(\w+)\/([\w-]+)"/g;

const INTRODUCTION = `\
Every response has the id of its request in \`X-Request-Id\`. Send your own, 1 to 128 letters, digits and \`_.=-\`, and it is kept.

Errors are \`application/problem+json\` (RFC 9457) with all validation errors in one response. The \`type\` is the address of a page with the cause and the cure.

\`HEAD\` works wherever \`GET\` does. \`OPTIONS\` lists the methods of a path in \`Allow\`, and so does the 405 for any other method. A path that is not listed here is 404; so is one with a trailing slash.

401 occurs where the operator requires tokens, 429 and the \`RateLimit\` headers where there is a limit, 503 while the server stops. Where the operator turns security headers on, every response has them. The preflight of an origin that is not allowed is 403.`;

const LICENSE = { name: "MIT", identifier: "MIT" };

const TOKEN = {
  type: "http",
  scheme: "bearer",
  description: "Needed where the operator requires tokens (`API_TOKENS`).",
};

const PROBLEM_TYPE = {
  type: {
    type: "string",
    format: "uri-reference",
    description: "Address of the page about this type of problem.",
  },
  title: { type: "string", description: "The same for every occurrence." },
  status: { type: "integer", minimum: 400, maximum: 599 },
};

/** An example of each problem. What goes wrong each time is in its detail. */
const EXAMPLES: Record<string, Json> = Object.fromEntries(
  Object.entries(PROBLEM_TYPES).map(([name, { title, status, cause }]) => {
    const type = `/problems/${name}`;
    const requestId = "01JD4Z3W6Q";
    return [name, { value: { type, title, status, detail: cause, requestId } }];
  }),
);

const SCHEMAS: Record<string, Json> = {
  Id: {
    type: "string",
    description: "ULID: sorts by the time of creation.",
    pattern: "^[0-7][0-9A-HJKMNP-TV-Z]{25}$",
  },
  ProblemType: members("What all problems of one type have in common.", {
    ...PROBLEM_TYPE,
    cause: { type: "string", description: "Why it happens." },
    cure: { type: "string", description: "What a client does about it." },
  }),
  Problem: members("Why a request failed.", {
    ...PROBLEM_TYPE,
    detail: { type: "string", description: "What went wrong this time." },
    requestId: { type: "string", description: "Quote it to the operator." },
  }, {
    errors: {
      description: "Every validation error.",
      type: "array",
      items: ref("schemas/Issue"),
    },
  }),
  Issue: members("One validation error, and where it is.", {
    detail: { type: "string", description: "What the value has to be." },
  }, {
    pointer: {
      type: "string",
      description: "Place in the body: a JSON Pointer, as `#/title`.",
    },
    parameter: { type: "string", description: "Query parameter." },
    header: { type: "string", description: "Request header." },
  }),
};
