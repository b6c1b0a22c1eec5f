/**
 * Describes the API in OpenAPI 3.1.
 *
 * @module
 */

import { PROBLEM_TYPES } from "../../http/problem_types.ts";
import {
  answer,
  HEADERS,
  type Json,
  json,
  type Operation,
  type PathItem,
  PROBLEMS,
  ref,
  refusals,
  type Resource,
} from "./operation.ts";

/** A document that describes an API. */
export interface OpenApiDocument {
  /** Version of OpenAPI. */
  readonly openapi: "3.1.1";
  /** What the API is. */
  readonly info: Readonly<Record<string, Json>>;
  /** Where the API is. */
  readonly servers: readonly { url: string }[];
  /** The groups of operations. */
  readonly tags: readonly Resource["tag"][];
  /** What is at each path. */
  readonly paths: Resource["paths"];
  /** What operations share, by kind, then by name. */
  readonly components: Record<string, Record<string, Json>>;
}

/** Options for {@linkcode openApiDocument}. */
export interface OpenApiOptions {
  /** Name of the API. */
  name: string;
  /** Version of the API. */
  version: string;
  /** What each resource says of itself. */
  resources: readonly Resource[];
}

/**
 * Describes the API: each resource says what is its own, this module the rest.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { paths } = openApiDocument({
 *   name: "tasks-api",
 *   version: "2.1",
 *   resources: [],
 * });
 *
 * assertEquals(paths["/ping"]?.["get"]?.operationId, "ping");
 * ```
 *
 * @param options Name and version of the API.
 * @returns The document.
 */
export function openApiDocument(options: OpenApiOptions): OpenApiDocument {
  const { name: title, version, resources } = options;
  const parts = [...resources, OWN];
  const paths = withRequestId(
    Object.assign({}, ...parts.map(({ paths }) => paths)),
  );
  return {
    openapi: "3.1.1",
    info: { title, version, description: INTRODUCTION, license: LICENSE },
    servers: [{ url: "/" }],
    tags: [
      ...resources.map(({ tag }) => tag),
      { name: "Health", description: "For machines that watch this one." },
      { name: "Documentation", description: "For people and their tools." },
    ],
    paths,
    components: {
      schemas: Object.assign({}, ...parts.map(({ schemas }) => schemas)),
      parameters: Object.assign(
        {},
        ...parts.map(({ parameters }) => parameters),
      ),
      headers: used("headers", HEADERS, paths),
      examples: used("examples", PROBLEMS, paths),
      securitySchemes: { token: TOKEN },
    },
  };
}

/** Lets a client name its request at every path. */
function withRequestId(paths: Resource["paths"]): Resource["paths"] {
  const parameters = [ref("parameters/RequestId")];
  return Object.fromEntries(
    Object.entries(paths).map((
      [path, item],
    ) => [path, { parameters, ...item }]),
  );
}

/** The components that a path refers to. */
function used(
  kind: string,
  components: Record<string, Json>,
  paths: Resource["paths"],
): Record<string, Json> {
  const text = JSON.stringify(paths);
  return Object.fromEntries(
    Object.entries(components).filter(([name]) =>
      text.includes(`"${ref(`${kind}/${name}`).$ref}"`)
    ),
  );
}

const INTRODUCTION = `\
Every answer names its request in \`X-Request-Id\`. Send one of your own, 1 to 128 letters, digits and \`_.=-\`, and it is kept.

Every refusal is \`application/problem+json\` (RFC 9457): it lists all issues at once, and its \`type\` is the address of a page with the cause and the cure.

\`HEAD\` is answered wherever \`GET\` is. \`OPTIONS\` tells the methods of a path in \`Allow\`, and so does the 405 that any other method gets. A path that is not listed here is 404; so is one that ends with a slash too many.

401 occurs where the operator asks for tokens, 429 and the \`RateLimit\` headers where there is a limit, 503 wherever the server ends before the answer is there. Where the operator asks for security headers, all answers have them. The preflight of an origin that may not call is 403.`;

const LICENSE = { name: "MIT", identifier: "MIT" };

const TOKEN = {
  type: "http",
  scheme: "bearer",
  description: "Needed where the operator asks for tokens (`API_TOKENS`).",
};

const PAGE = { "text/html": { schema: { type: "string" } } };
const OF_PAGES = [
  "Content-Security-Policy",
  "Referrer-Policy",
  "X-Content-Type-Options",
];

const HOME = json("Home", {
  links: { name: "tasks-api", version: "2.1", links: { docs: "/docs" } },
});
const HEALTHY = json("Health", { ok: { status: "ok" } });
const EXPLAINED = {
  type: "/problems/version-mismatch",
  ...PROBLEM_TYPES["version-mismatch"],
};

const PATHS = {
  "/ping": get("Health", {
    operationId: "ping",
    summary: "Ask whether somebody is there",
    responses: { 200: answer("Yes", [], json("Ping", { yes: { ok: true } })) },
  }),
  "/healthz": get("Health", {
    operationId: "getHealth",
    summary: "Ask whether the process lives",
    description: "Touches nothing. Where it does not answer, start it again.",
    responses: { 200: answer("It does", ["Cache-Control"], HEALTHY) },
  }),
  "/readyz": get("Health", {
    operationId: "getReadiness",
    summary: "Ask whether to send requests",
    description:
      "Reads the store. Says 503 from the moment that shutdown begins.",
    responses: { 200: answer("Send them", ["Cache-Control"], HEALTHY) },
  }),
  "/": get("Documentation", {
    operationId: "getHome",
    summary: "See what is here",
    description: "A page for browsers, JSON for everybody else.",
    responses: { 200: answer("Links", OF_PAGES, { ...HOME, ...PAGE }) },
  }),
  "/docs": get("Documentation", {
    operationId: "getDocs",
    summary: "Read about this API, and try it",
    responses: { 200: answer("This document as a page", OF_PAGES, PAGE) },
  }),
  "/openapi.json": get("Documentation", {
    operationId: "getOpenApi",
    summary: "Get this document",
    responses: {
      200: answer("The document", [], {
        "application/openapi+json": { schema: { type: "object" } },
      }),
    },
  }),
  "/problems": get("Documentation", {
    operationId: "listProblems",
    summary: "List the problem types",
    responses: {
      200: answer("All", OF_PAGES, {
        ...json("ProblemTypes", { one: [EXPLAINED] }),
        ...PAGE,
      }),
    },
  }),
  "/problems/{name}": get("Documentation", {
    operationId: "getProblem",
    summary: "Read what a problem means",
    description: "The `type` of a problem is the address of this page.",
    parameters: [{
      name: "name",
      in: "path",
      required: true,
      description: "Name of the problem type.",
      schema: { type: "string" },
      example: "version-mismatch",
    }],
    responses: {
      200: answer("Why, and what to do", OF_PAGES, {
        ...json("ProblemType", { explained: EXPLAINED }),
        ...PAGE,
      }),
      ...refusals(["not-found", "invalid-path"]),
    },
  }),
};

/** A route that anybody may call. */
function get(
  tag: string,
  { responses, ...operation }: Omit<Operation, "tags">,
): PathItem {
  return {
    get: {
      tags: [tag],
      security: [],
      ...operation,
      responses: { ...refusals(), ...responses },
    },
  };
}

const PROBLEM_TYPE = {
  type: {
    type: "string",
    format: "uri-reference",
    description: "Address of the page about this type of problem.",
  },
  title: { type: "string", description: "The same for every occurrence." },
  status: { type: "integer", minimum: 400, maximum: 599 },
};

const SCHEMAS = {
  Ping: object("Somebody is there.", { ok: { const: true } }),
  Health: object("All is well.", { status: { const: "ok" } }),
  Home: object("What is here.", {
    name: { type: "string" },
    version: { type: "string" },
    links: {
      description: "Paths, by what is there.",
      type: "object",
      additionalProperties: { type: "string", format: "uri-reference" },
    },
  }),
  ProblemType: object("What all problems of one type have in common.", {
    ...PROBLEM_TYPE,
    cause: { type: "string", description: "Why it happens." },
    cure: { type: "string", description: "What a client does about it." },
  }),
  ProblemTypes: {
    type: "array",
    description: "Every way in which this API says no.",
    items: ref("schemas/ProblemType"),
  },
  Problem: object("Why a request was refused.", {
    ...PROBLEM_TYPE,
    detail: { type: "string", description: "What went wrong this time." },
    requestId: { type: "string", description: "What to tell the operator." },
  }, {
    errors: {
      description: "Every issue, not only the first.",
      type: "array",
      items: ref("schemas/Issue"),
    },
  }),
  Issue: object("One reason, and where it lies.", {
    detail: { type: "string", description: "What the value has to be." },
  }, {
    pointer: {
      type: "string",
      description: "Where in the body: a JSON Pointer, as `#/title`.",
    },
    parameter: { type: "string", description: "Which query parameter." },
    header: { type: "string", description: "Which request header." },
  }),
};

const PARAMETERS = {
  RequestId: {
    name: "X-Request-Id",
    in: "header",
    description:
      "Your name for the request. It is kept where it is 1 to 128 letters, digits and `_.=-`.",
    schema: { type: "string" },
    example: "01JD4Z3W6Q",
  },
};

const OWN = { paths: PATHS, schemas: SCHEMAS, parameters: PARAMETERS };

/** An object with members that are always there, and others. */
function object(
  description: string,
  always: Record<string, Json>,
  others: Json = {},
): Json {
  return {
    type: "object",
    description,
    required: Object.keys(always),
    properties: { ...always, ...others as Record<string, Json> },
  };
}
