/**
 * Describes a resource in OpenAPI, from its declaration.
 *
 * @module
 */

import type { ProblemName } from "../../http/problem_types.ts";
import type { Resource } from "../resource/declaration.ts";
import type { Property } from "../resource/object_schema.ts";
import { documentSchema, patchSchema } from "./document_schema.ts";
import { exampleOf } from "./example_of.ts";
import {
  type Json,
  json,
  members,
  NOT_MODIFIED,
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
 * import { object, string } from "../../http/schema.ts";
 * import { resource } from "../resource/declaration.ts";
 *
 * const notes = resource({
 *   name: "notes",
 *   title: "Note",
 *   description: "Short texts.",
 *   schema: object({ text: string() }),
 * });
 * const { operations, schemas } = describeResource(notes);
 *
 * assertEquals(operations.create.operationId, "createNote");
 * assertEquals(Object.keys(schemas), ["Note", "NoteInput", "NotePatch", "NotePage"]);
 * ```
 */
export function describeResource(resource: Resource): ResourceDescription {
  const { name, title, description, input } = resource;
  const all = exampleOf(input) as Record<string, Json>;
  const required = input.required ?? [];
  const facts: Facts = {
    resource,
    one: pascal(title),
    plural: pascal(name),
    noun: title.toLowerCase(),
    all,
    least: Object.fromEntries(required.map((name) => [name, all[name]!])),
    item: { id: ID, ...all, createdAt: TIME, updatedAt: TIME },
  };
  return {
    tag: { name: facts.plural, description },
    operations: {
      list: list(facts),
      create: create(facts),
      read: read(facts),
      update: update(facts),
      remove: remove(facts),
      follow: follow(facts),
    },
    schemas: schemasOf(facts),
  };
}

interface Facts {
  readonly resource: Resource;
  /** `Task`: the name of its schema. */
  readonly one: string;
  /** `Tasks`: the name of its group. */
  readonly plural: string;
  /** `task`: within a sentence. */
  readonly noun: string;
  /** An example of a body with all fields. */
  readonly all: Record<string, Json>;
  /** An example of a body with the required fields. */
  readonly least: Record<string, Json>;
  /** An example of a stored item. */
  readonly item: Record<string, Json>;
}

const ID = "01JD4Z3W6Q8R9TB2CVN5XKYM7P";
const TIME = "2026-02-27T08:15:30.123Z";

function pascal(text: string): string {
  return text.split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function list({ one, plural, noun, resource, item }: Facts): Operation {
  const content = json(ref(`schemas/${one}Page`), {
    page: { items: [item], next: null, nextCursor: null },
  });
  return {
    operationId: `list${plural}`,
    tags: [plural],
    summary: `List ${resource.name}, newest first`,
    description: `\
To read on, request \`next\` as it is until it is \`null\`, or add \`nextCursor\` to the same query as \`cursor\`. A page may have fewer items than \`limit\` and not be the last.

A ${noun} that exists the whole time is listed once, whatever is created and deleted meanwhile. There is no total: a key-value store counts by reading everything.`,
    parameters: [
      ...filtersOf(resource),
      ...shared("Limit", "Cursor", "IfNoneMatch"),
    ],
    responses: {
      200: response("A page", ["ETag", "Link"], content),
      304: NOT_MODIFIED,
      ...errors(["invalid-cursor", "invalid-query"]),
    },
  };
}

function create({ one, plural, noun, least, all, item }: Facts): Operation {
  const content = json(ref(`schemas/${one}`), { created: item });
  return {
    operationId: `create${one}`,
    tags: [plural],
    summary: `Create a ${noun}`,
    description:
      `An \`Idempotency-Key\` makes this safe to repeat: for 24 hours, the same key with the same ${noun} gets the first response again and creates nothing. White space, the order of members and defaults that are left out make no difference.`,
    parameters: shared("IdempotencyKey"),
    requestBody: {
      required: true,
      content: json(ref(`schemas/${one}Input`), { least, all }),
    },
    responses: {
      201: response(`The new ${noun}`, ["Location", "ETag"], content),
      ...errors(
        [...BODY_ERRORS, "conflict", "idempotency-key-reused"],
        "Accept-Post",
      ),
    },
  };
}

function read({ one, plural, noun, item }: Facts): Operation {
  const content = json(ref(`schemas/${one}`), { found: item });
  return {
    operationId: `get${one}`,
    tags: [plural],
    summary: `Read a ${noun}`,
    description:
      "With `If-None-Match` it is 304 where the client has this version.",
    parameters: shared("Id", "IfMatch", "IfNoneMatch"),
    responses: {
      200: response(`The ${noun}`, ["ETag"], content),
      304: NOT_MODIFIED,
      ...errors(["invalid-path", "not-found", "version-mismatch"]),
    },
  };
}

function update({ one, plural, noun, all, item }: Facts): Operation {
  const change = Object.fromEntries(Object.entries(all).slice(-1));
  const patch = json(ref(`schemas/${one}Patch`), { change });
  const content = json(ref(`schemas/${one}`), { changed: item });
  return {
    operationId: `update${one}`,
    tags: [plural],
    summary: `Change some fields of a ${noun}`,
    description: `\
The body is a merge patch (RFC 7396): the fields to change. \`null\` takes a field back to its default. An empty patch changes nothing and keeps the \`ETag\`.

Without \`If-Match\` the last writer wins, on the fields that it names; two writers that change different fields both succeed. With \`If-Match\` the ${noun} is changed only if it still has the version that you read.`,
    parameters: shared("Id", "IfMatch", "IfNoneMatch"),
    requestBody: {
      required: true,
      content: {
        "application/merge-patch+json": patch["application/json"]!,
        ...patch,
      },
    },
    responses: {
      200: response(`The whole ${noun} after the change`, ["ETag"], content),
      ...errors([...BODY_ERRORS, ...WRITE_ERRORS], "Accept-Patch"),
    },
  };
}

function remove({ one, plural, noun }: Facts): Operation {
  return {
    operationId: `delete${one}`,
    tags: [plural],
    summary: `Delete a ${noun}`,
    description:
      `The second time it is 404. With \`If-Match\` the ${noun} is deleted only if it still has the version that you read.`,
    parameters: shared("Id", "IfMatch", "IfNoneMatch"),
    responses: {
      204: response("It is deleted"),
      ...errors([...WRITE_ERRORS, "body-too-large"]),
    },
  };
}

function follow({ one, plural, resource, item }: Facts): Operation {
  const event = (name: string, data: Json): Json => ({
    value: `id: 00000000000000a30000\nevent: ${name}\ndata: ${
      JSON.stringify(data)
    }\n\n`,
  });
  const examples = {
    updated: event("updated", item),
    deleted: event("deleted", { id: ID }),
    reset: event("reset", {}),
  };
  const content = {
    "text/event-stream": { schema: { type: "string" }, examples },
  };
  return {
    operationId: `follow${plural}`,
    tags: [plural],
    summary: "Follow changes as they happen",
    description: `\
Server-sent events, for \`new EventSource("/${resource.name}/events")\`. The data of \`created\` and \`updated\` is a \`${one}\`, that of \`deleted\` an object with its \`id\`.

After a lost connection, send the last \`id\` in \`Last-Event-ID\` (\`EventSource\` does so by itself): you receive every change since, once and in order. \`reset\` means that the log does not reach so far back: list again.

An empty comment every 15 seconds keeps proxies awake. A client that reads too slowly is disconnected, and may come back.`,
    parameters: shared("LastEventId"),
    responses: {
      200: response("Events without end", ["X-Accel-Buffering"], content),
      ...errors(),
    },
  };
}

function shared(...names: string[]): Json[] {
  return names.map((name) => ref(`parameters/${name}`));
}

const BODY_ERRORS = [
  "invalid-json",
  "request-timeout",
  "body-too-large",
  "unsupported-media-type",
  "invalid-body",
] as const;
const WRITE_ERRORS = [
  "invalid-path",
  "not-found",
  "conflict",
  "version-mismatch",
] as const;

function errors(
  names: readonly ProblemName[] = [],
  accept?: "Accept-Post" | "Accept-Patch",
): Record<string, Json> {
  return problems(
    ["unauthorized", ...names],
    accept && [accept, "Accept-Encoding"],
  );
}

function filtersOf({ indexes, ordered, output }: Resource): Json[] {
  const filters = indexes.flatMap((index) => {
    const { examples: _, description: __, default: ___, ...schema } = output
      .properties[index]!;
    const branches = (schema["anyOf"] ?? []) as Property[];
    const value = branches.find(({ type }) => type !== "null") ?? schema;
    const filter = (end: string, is: string, schema: Property): Json => ({
      name: index + end,
      in: "query",
      description: `Only items whose \`${index}\` is ${is} this.`,
      schema: documentSchema(schema),
    });
    const equal = filter("", "equal to", schema);
    if (!ordered.includes(index)) return [equal];
    const from = filter("From", "at least", value);
    return [equal, from, filter("To", "at most", value)];
  });
  if (ordered.length === 0) return filters;
  const orders = ordered.flatMap((index) => [index, `-${index}`]);
  return [...filters, {
    name: "sort",
    in: "query",
    description:
      "The order, with `-` from the last value to the first. Items without a value come last. Default: newest first, or the order of a range.",
    schema: { type: "string", enum: orders },
  }];
}

function schemasOf({ resource, one, noun }: Facts): Record<string, Json> {
  const { input, output, description } = resource;
  const fields = documentSchema(output)["properties"] as Record<string, Json>;
  const time = { type: "string", format: "date-time" };
  const item = members(`A ${noun} as it is stored. ${description}`, {
    id: ref("schemas/Id"),
    ...fields,
    createdAt: time,
    updatedAt: time,
  });
  // A field that is optional on output has no default: it may be missing.
  const required = ["id", ...output.required ?? [], "createdAt", "updatedAt"];
  return {
    [one]: { ...item, required },
    [`${one}Input`]: {
      ...documentSchema(input),
      description: `The fields of a new ${noun}.`,
    },
    [`${one}Patch`]: {
      ...documentSchema(patchSchema(input)),
      description: "The fields to change. The others stay as they are.",
    },
    [`${one}Page`]: members("A page, and where the next one is.", {
      items: { type: "array", items: ref(`schemas/${one}`), maxItems: 100 },
      next: {
        type: ["string", "null"],
        format: "uri-reference",
        description: "Path of the next page; `null` on the last one.",
      },
      nextCursor: {
        type: ["string", "null"],
        description: "The `cursor` in it.",
      },
    }),
  };
}
