/**
 * Describes a resource in OpenAPI, from its declaration.
 *
 * @module
 */

import type { ProblemName } from "../../http/problem_types.ts";
import type { Resource } from "../resource/declaration.ts";
import { documentSchema, patchSchema } from "./document_schema.ts";
import { exampleOf } from "./example_of.ts";
import {
  type Json,
  json,
  members,
  type Operation,
  problems,
  ref,
  response,
} from "./operation.ts";

/** What a resource adds to the document. */
export interface ResourceDescription {
  /** The group of its operations. */
  readonly tag: { readonly name: string; readonly description: string };
  /** What each route does. */
  readonly operations: Readonly<
    Record<
      "list" | "create" | "read" | "update" | "remove" | "follow",
      Operation
    >
  >;
  /** Its schemas, by name. */
  readonly schemas: Readonly<Record<string, Json>>;
}

/**
 * Describes the routes of a resource.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { tasks } from "../tasks.ts";
 *
 * const { operations, schemas } = describeResource(tasks);
 *
 * assertEquals(operations.create.operationId, "createTask");
 * assertEquals(Object.keys(schemas), ["Task", "TaskInput", "TaskPatch", "TaskPage"]);
 * ```
 *
 * @param resource The resource.
 * @returns Its operations and schemas.
 */
export function describeResource(resource: Resource): ResourceDescription {
  const names = namesOf(resource);
  const facts = { ...names, resource, ...examplesOf(resource) };
  const tags = [names.plural];
  const { list, create, read, update, remove, follow } = OPERATIONS;
  return {
    tag: { name: names.plural, description: resource.description },
    operations: {
      list: { ...list(facts), tags },
      create: { ...create(facts), tags },
      read: { ...read(facts), tags },
      update: { ...update(facts), tags },
      remove: { ...remove(facts), tags },
      follow: { ...follow(facts), tags },
    },
    schemas: schemasOf(resource, names),
  };
}

interface Names {
  /** `Task`: the name of its schema. */
  readonly one: string;
  /** `Tasks`: the name of its group. */
  readonly plural: string;
  /** `task`: within a sentence. */
  readonly noun: string;
}

function namesOf({ name, title }: Resource): Names {
  return {
    one: pascal(title),
    plural: pascal(name),
    noun: title.toLowerCase(),
  };
}

function pascal(text: string): string {
  return text.split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

interface Facts extends Names {
  readonly resource: Resource;
  /** A whole item. */
  readonly item: Record<string, Json>;
  /** A body with the fields that are required. */
  readonly least: Record<string, Json>;
  /** A body with all fields. */
  readonly all: Record<string, Json>;
}

const ID = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";
const EVENT_ID = "00000000000000a30000";
const TIME = "2026-02-27T08:15:30.123Z";

function examplesOf(
  { input }: Resource,
): Omit<Facts, keyof Names | "resource"> {
  const all = exampleOf(input) as Record<string, Json>;
  const isRequired = (name: string): boolean =>
    input.required?.includes(name) ?? false;
  const least = Object.entries(all).filter(([name]) => isRequired(name));
  return {
    all,
    least: Object.fromEntries(least),
    item: { id: ID, ...all, createdAt: TIME, updatedAt: TIME },
  };
}

type Described = Omit<Operation, "tags">;

function parameters(...names: string[]): Json[] {
  return names.map((name) => ref(`parameters/${name}`));
}

function errors(
  names: readonly ProblemName[] = [],
  accept?: "Accept-Post" | "Accept-Patch",
): Record<string, Json> {
  return problems(
    ["unauthorized", ...names],
    accept && [accept, "Accept-Encoding"],
  );
}

const BODY_ERRORS = [
  "invalid-json",
  "request-timeout",
  "body-too-large",
  "unsupported-media-type",
  "invalid-body",
] as const;

const OPERATIONS = {
  list: ({ one, plural, noun, resource, item }: Facts): Described => ({
    operationId: `list${plural}`,
    summary: `List ${resource.name}, newest first`,
    description: `\
To read on, request \`next\` as it is until it is \`null\`. A page may have fewer items than \`limit\` and not be the last.

A ${noun} that exists the whole time is listed once, whatever is created and deleted meanwhile.

There is no total: a key-value store counts by reading everything.`,
    parameters: [...filtersOf(resource), ...parameters("Limit", "Cursor")],
    responses: {
      200: response(
        "A page",
        ["Link"],
        json(ref(`schemas/${one}Page`), {
          page: { items: [item], next: null },
        }),
      ),
      ...errors(["invalid-cursor", "invalid-query"]),
    },
  }),

  create: ({ one, noun, least, all, item }: Facts): Described => ({
    operationId: `create${one}`,
    summary: `Create a ${noun}`,
    description:
      `An \`Idempotency-Key\` makes this safe to repeat: for 24 hours, the same key with the same ${noun} gets the first response again and creates nothing. Two bodies are the same if they mean the same: white space, the order of members and defaults that are left out make no difference.`,
    parameters: parameters("IdempotencyKey"),
    requestBody: {
      required: true,
      content: json(ref(`schemas/${one}Input`), { least, all }),
    },
    responses: {
      201: response(
        `The new ${noun}`,
        ["Location", "ETag"],
        json(ref(`schemas/${one}`), { created: item }),
      ),
      ...errors(
        [...BODY_ERRORS, "conflict", "idempotency-key-reused"],
        "Accept-Post",
      ),
    },
  }),

  read: ({ one, noun, item }: Facts): Described => ({
    operationId: `get${one}`,
    summary: `Read a ${noun}`,
    description:
      `With \`If-None-Match\`, 304 where the client has this version.`,
    parameters: parameters("Id", "IfMatch", "IfNoneMatch"),
    responses: {
      200: response(
        `The ${noun}`,
        ["ETag"],
        json(ref(`schemas/${one}`), { found: item }),
      ),
      304: response("The client has this version", ["ETag"]),
      ...errors(["invalid-path", "not-found", "version-mismatch"]),
    },
  }),

  update: ({ one, noun, all, item }: Facts): Described => {
    const [first] = Object.entries(all).slice(-1);
    const content = json(ref(`schemas/${one}Patch`), {
      change: Object.fromEntries([first!]),
    });
    return {
      operationId: `update${one}`,
      summary: `Change some fields of a ${noun}`,
      description: `\
The body is a merge patch (RFC 7396): the fields to change. \`null\` takes a field back to its default. An empty patch changes nothing and keeps the \`ETag\`.

Without \`If-Match\` the last writer wins, on the fields that it names; two writers that change different fields both succeed. With \`If-Match\` the ${noun} is changed only if it still has the version that you read.`,
      parameters: parameters("Id", "IfMatch", "IfNoneMatch"),
      requestBody: {
        required: true,
        content: {
          "application/merge-patch+json": content["application/json"]!,
          ...content,
        },
      },
      responses: {
        200: response(
          `The whole ${noun} after the change`,
          ["ETag"],
          json(ref(`schemas/${one}`), { changed: item }),
        ),
        ...errors([
          ...BODY_ERRORS,
          "invalid-path",
          "not-found",
          "conflict",
          "version-mismatch",
        ], "Accept-Patch"),
      },
    };
  },

  remove: ({ one, noun }: Facts): Described => ({
    operationId: `delete${one}`,
    summary: `Delete a ${noun}`,
    description:
      `The second time it is 404. With \`If-Match\` the ${noun} is deleted only if it still has the version that you read.`,
    parameters: parameters("Id", "IfMatch", "IfNoneMatch"),
    responses: {
      204: response("It is deleted"),
      ...errors([
        "invalid-path",
        "not-found",
        "conflict",
        "version-mismatch",
        "body-too-large",
      ]),
    },
  }),

  follow: ({ one, plural, resource, item }: Facts): Described => ({
    operationId: `follow${plural}`,
    summary: "Follow changes as they happen",
    description: `\
Server-sent events, for \`new EventSource("/${resource.name}/events")\`. The data of \`created\` and \`updated\` is a \`${one}\`, that of \`deleted\` an object with its \`id\`.

After a lost connection, send the last \`id\` in \`Last-Event-ID\` (\`EventSource\` does so by itself): you receive every change since, once and in order. \`reset\` means that the log does not reach so far back: list again.

An empty comment every 15 seconds keeps proxies awake. A client that reads too slowly is disconnected, and may come back.`,
    parameters: parameters("LastEventId"),
    responses: {
      200: response("Events without end", [
        "Cache-Control",
        "X-Accel-Buffering",
      ], {
        "text/event-stream": {
          schema: { type: "string" },
          examples: {
            updated: { value: event("updated", item) },
            deleted: { value: event("deleted", { id: ID }) },
            reset: { value: event("reset", {}) },
          },
        },
      }),
      ...errors(),
    },
  }),
};

function event(name: string, data: Json): string {
  return `id: ${EVENT_ID}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

function filtersOf({ indexes, output }: Resource): Json[] {
  return indexes.map((name) => {
    const { examples: _, description: __, default: ___, ...schema } = output
      .properties[name]!;
    return {
      name,
      in: "query",
      description: `Only items with this \`${name}\`.`,
      schema: documentSchema(schema),
    };
  });
}

function schemasOf(
  { input, output, description }: Resource,
  { one, noun }: Names,
): Record<string, Json> {
  const item = documentSchema(output)["properties"] as Record<string, Json>;
  const required = ["id", ...output.required ?? [], "createdAt", "updatedAt"];
  return {
    [one]: {
      type: "object",
      description: `A ${noun} as it is stored. ${description}`,
      required,
      properties: {
        id: ref("schemas/Id"),
        ...item,
        createdAt: { type: "string", format: "date-time" },
        updatedAt: { type: "string", format: "date-time" },
      },
    },
    [`${one}Input`]: {
      ...documentSchema(input),
      description: `The fields of a new ${noun}.`,
    },
    [`${one}Patch`]: {
      ...documentSchema(patchSchema(input)),
      description: `The fields to change. The others stay as they are.`,
    },
    [`${one}Page`]: members("A page, and where the next one is.", {
      items: { type: "array", items: ref(`schemas/${one}`), maxItems: 100 },
      next: {
        type: ["string", "null"],
        format: "uri-reference",
        description: "Path of the next page; `null` on the last one.",
      },
    }),
  };
}
