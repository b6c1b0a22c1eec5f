/**
 * Describes the whole API in OpenAPI 3.1.
 *
 * @module
 */

import { PROBLEM_TYPES, type ProblemName } from "../../http/problem_types.ts";
import { TASKS } from "../tasks/openapi.ts";
import {
  answer,
  type Description,
  type Json,
  type Operation,
  ref,
  refusals,
} from "./operation.ts";

/** A document that describes an API. */
export interface OpenApiDocument extends Description {
  /** Version of OpenAPI. */
  readonly openapi: "3.1.1";
  /** What the API is. */
  readonly info: { title: string; version: string; description: string };
  /** Where the API is. */
  readonly servers: readonly { url: string }[];
  /** The groups of operations. */
  readonly tags: readonly { name: string; description: string }[];
}

/** Options for {@linkcode openApiDocument}. */
export interface OpenApiOptions {
  /** Name of the API. */
  name: string;
  /** Version of the API. */
  version: string;
}

/**
 * Describes the API: what of this page is common to all operations, what each
 * resource says of itself, and the few routes that belong to none.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { paths } = openApiDocument({ name: "tasks-api", version: "2.1" });
 *
 * assertEquals(paths["/ping"]?.["get"]?.operationId, "ping");
 * ```
 *
 * @param options Name and version of the API.
 * @returns The document.
 */
export function openApiDocument(options: OpenApiOptions): OpenApiDocument {
  return {
    openapi: "3.1.1",
    info: {
      title: options.name,
      version: options.version,
      description: INTRODUCTION,
    },
    servers: [{ url: "/" }],
    tags: [
      { name: "Tasks", description: "What is to be done, and what was." },
      { name: "Health", description: "For machines that watch this one." },
      { name: "Documentation", description: "For people, and their tools." },
    ],
    paths: { ...TASKS.paths, ...PATHS },
    components: {
      ...TASKS.components,
      schemas: { ...TASKS.components["schemas"], ...SCHEMAS },
      headers: HEADERS,
      examples: problemExamples(),
      securitySchemes: { token: TOKEN },
    },
  };
}

const INTRODUCTION = `\
Every answer names its request in \`X-Request-Id\`. Send an id of your own, 1 to 128 of \`A-Z a-z 0-9 _ . = -\`, and it is kept.

Every refusal is \`application/problem+json\` (RFC 9457). It lists all issues at once, and its \`type\` is the address of a page with the cause and the cure.

\`HEAD\` is answered wherever \`GET\` is. \`OPTIONS\` tells in \`Allow\` which methods a path has; every other method is 405 with the same header. A path that is not listed here is 404, and so is one with a slash too many at its end.

401 occurs where the operator asks for tokens, 429 and the \`RateLimit\` headers where the operator has set a limit. A preflight from an origin that may not call is 403.`;

const TOKEN = {
  type: "http",
  scheme: "bearer",
  description: "Needed where the operator asks for tokens (`API_TOKENS`).",
};

const PATHS = {
  "/ping": get("ping", "Health", "Ask whether somebody is there", {
    200: answer("Yes", [], json(only("ok", true))),
  }),
  "/healthz": get("getHealth", "Health", "Ask whether the process lives", {
    200: answer("It does", ["Cache-Control"], json(only("status", "ok"))),
  }, "Touches nothing. Start the process again where this does not answer."),
  "/readyz": get("getReadiness", "Health", "Ask whether to send requests", {
    200: answer("Send them", ["Cache-Control"], json(only("status", "ok"))),
    ...refusals("unavailable"),
  }, "Reads the store. Says 503 where that fails, and as soon as shutdown begins."),
  "/": get("getHome", "Documentation", "See what is here", {
    200: answer("Name, version and links", ["Vary"], jsonOrHtml()),
  }, "A page for browsers, JSON for everyone else."),
  "/docs": get("getDocs", "Documentation", "Read and try this API", {
    200: answer("This document as a page", [], { "text/html": TEXT }),
  }),
  "/openapi.json": get("getOpenApi", "Documentation", "Get this document", {
    200: answer("The document", [], {
      "application/openapi+json": { schema: { type: "object" } },
    }),
  }),
  "/problems": get("listProblems", "Documentation", "List all problem types", {
    200: answer("The problem types by name", ["Vary"], jsonOrHtml()),
  }),
  "/problems/{name}": get("getProblem", "Documentation", "Read about a problem", {
    200: answer("Its cause and its cure", ["Vary"], jsonOrHtml()),
    ...refusals("not-found"),
  }, "The `type` of every problem is the address of its page.", [ref("parameters/ProblemName")]),
};
