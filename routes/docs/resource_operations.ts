/**
 * Describes a resource in OpenAPI, from its declaration.
 *
 * @module
 */

import {
  type Property,
  type Resource,
  typesOf,
} from "../resource/declaration.ts";
import type { Operation } from "../route.ts";
import { ref } from "./components.ts";

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
  readonly schemas: Readonly<Record<string, object>>;
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
  const { name, title, description } = resource;
  const one = pascal(title);
  const plural = pascal(name);
  const noun = title.toLowerCase();
  const tags = [plural];
  const schemas = schemasOf(resource, one);
  const filters = filtersOf(resource, schemas[one]!);
  const whole = ref(`schemas/${one}`);
  const page = ref(`schemas/${one}Page`);

  const operations: ResourceDescription["operations"] = {
    list: {
      operationId: `list${plural}`,
      tags,
      summary: `List ${name}, newest first`,
      description: `\
To read on, request \`next\` as it is until it is \`null\`, or add \`nextCursor\` to the same query as \`cursor\`. A page may have fewer items than \`limit\` and not be the last.

A ${noun} that exists the whole time is listed once, whatever is created and deleted meanwhile. There is no total: a key-value store counts by reading everything.`,
      parameters: [...filters, "Limit", "Cursor", "IfNoneMatch"],
      responses: {
        200: { description: "A page", headers: ["ETag", "Link"], json: page },
      },
      problems: ["invalid-cursor", "invalid-query"],
    },
    create: {
      operationId: `create${one}`,
      tags,
      summary: `Create a ${noun}`,
      description:
        `An \`Idempotency-Key\` makes this safe to repeat: for 24 hours, the same key with the same ${noun} gets the first response again and creates nothing. White space, the order of members and defaults that are left out make no difference.`,
      parameters: ["IdempotencyKey"],
      body: ref(`schemas/${one}Input`),
      responses: {
        201: {
          description: `The new ${noun}`,
          headers: ["Location", "ETag"],
          json: whole,
        },
      },
      problems: ["conflict", "idempotency-key-reused"],
    },
    read: {
      operationId: `get${one}`,
      tags,
      summary: `Read a ${noun}`,
      description:
        "With `If-None-Match` it is 304 where the client has this version.",
      parameters: ["Id", "IfMatch", "IfNoneMatch"],
      responses: {
        200: { description: `The ${noun}`, headers: ["ETag"], json: whole },
      },
      problems: ["not-found", "version-mismatch"],
    },
    update: {
      operationId: `update${one}`,
      tags,
      summary: `Change some fields of a ${noun}`,
      description: `\
The body is a merge patch (RFC 7396): the fields to change. \`null\` takes a field back to its default. An empty patch changes nothing and keeps the \`ETag\`.

Without \`If-Match\` the last writer wins, on the fields that it names; two writers that change different fields both succeed. With \`If-Match\` the ${noun} is changed only if it still has the version that you read.`,
      parameters: ["Id", "IfMatch", "IfNoneMatch"],
      body: ref(`schemas/${one}Patch`),
      responses: {
        200: {
          description: `The whole ${noun} after the change`,
          headers: ["ETag"],
          json: whole,
        },
      },
      problems: ["not-found", "conflict", "version-mismatch"],
    },
    remove: {
      operationId: `delete${one}`,
      tags,
      summary: `Delete a ${noun}`,
      description:
        `The second time it is 404. With \`If-Match\` the ${noun} is deleted only if it still has the version that you read.`,
      parameters: ["Id", "IfMatch", "IfNoneMatch"],
      responses: { 204: { description: "It is deleted" } },
      problems: ["not-found", "conflict", "version-mismatch", "body-too-large"],
    },
    follow: {
      operationId: `follow${plural}`,
      tags,
      summary: "Follow changes as they happen",
      description: `\
Server-sent events, for \`new EventSource("/${name}/events")\`. The data of \`created\` and \`updated\` is a \`${one}\`, that of \`deleted\` an object with its \`id\`.

After a lost connection, send the last \`id\` in \`Last-Event-ID\` (\`EventSource\` does so by itself): you receive every change since, once and in order. \`reset\` means that the log does not reach so far back: list again.

An empty comment every 15 seconds keeps proxies awake. A client that reads too slowly is disconnected, and may come back.`,
      parameters: ["LastEventId"],
      responses: {
        200: {
          description: "Events without end",
          headers: ["X-Accel-Buffering"],
          content: {
            "text/event-stream": { schema: { type: "string" }, example: EVENT },
          },
        },
      },
    },
  };
  return { tag: { name: plural, description }, operations, schemas };
}

function pascal(text: string): string {
  return text.split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

function filtersOf(resource: Resource, item: Property): object[] {
  const { indexes, ordered } = resource;
  const fields = item["properties"] as Record<string, Property>;
  const filters = indexes.flatMap((index) => {
    // Without an example: viewers would fill it in.
    const { examples: _, description: __, ...schema } = fields[index]!;
    const branches = (schema["anyOf"] ?? []) as Property[];
    const value = branches.find(({ type }) => type !== "null") ?? schema;
    const filter = (end: string, is: string, schema: object): object =>
      query(
        index + end,
        `Only items whose \`${index}\` is ${is} this.`,
        schema,
      );
    const equal = filter("", "equal to", schema);
    if (!ordered.includes(index)) return [equal];
    const from = filter("From", "at least", value);
    return [equal, from, filter("To", "at most", value)];
  });
  if (ordered.length === 0) return filters;
  const orders = ordered.flatMap((name) => [name, `-${name}`]);
  return [...filters, query("sort", SORT, { type: "string", enum: orders })];
}

function query(name: string, description: string, schema: object): object {
  return { name, in: "query", description, schema };
}

const SORT =
  "The order, with `-` from the last value to the first. Items without a value come last. Default: newest first, or the order of a range.";

function schemasOf(
  { title, description, input, output }: Resource,
  name: string,
): Record<string, Property> {
  const noun = title.toLowerCase();
  const accepted = documentSchema(input);
  const { properties, required = [] } = documentSchema(output);
  return {
    [name]: {
      type: "object",
      description: `A ${noun} as it is stored. ${description}`,
      required: ["id", ...required as string[], "createdAt", "updatedAt"],
      properties: {
        id: ref("schemas/Id"),
        ...properties as object,
        createdAt: { type: "string", format: "date-time" },
        updatedAt: { type: "string", format: "date-time" },
      },
    },
    [`${name}Input`]: {
      ...accepted,
      description: `The fields of a new ${noun}.`,
    },
    [`${name}Patch`]: {
      ...patchSchema(accepted),
      description: "The fields to change. The others stay as they are.",
    },
    [`${name}Page`]: {
      type: "object",
      description: "A page, and where the next one is.",
      required: ["items", "next", "nextCursor"],
      properties: {
        items: { type: "array", items: ref(`schemas/${name}`), maxItems: 100 },
        next: {
          type: ["string", "null"],
          format: "uri-reference",
          description: "Path of the next page; `null` on the last one.",
        },
        nextCursor: {
          type: ["string", "null"],
          description: "The `cursor` in it.",
        },
      },
    },
  };
}

/**
 * Rewrites JSON Schema for generated clients and viewers.
 *
 * A default goes into the description: as a keyword, openapi-typescript requires the
 * field and openapi-generator writes Java that does not compile. Every enum and const
 * gets its type: without one, Go and viewers take any value.
 */
function documentSchema(schema: Property): Property {
  const { $schema: _, default: value, description, ...rest } = schema;
  const children = Object.entries(rest)
    .filter(([keyword, value]) => !isUnsupported(keyword, value))
    .map(([keyword, value]) => [keyword, rewrite(keyword, value)]);
  const isValue = "enum" in rest || "const" in rest;
  const types = typesOf(rest);
  const note = value !== undefined && `Default: \`${JSON.stringify(value)}\`.`;
  const about = [description, note].filter(Boolean).join(" ");
  return {
    ...(isValue && { type: types.length > 1 ? types : types[0] }),
    // Viewers fill it in, as they would a default.
    ...(value != null && { examples: [value] }),
    ...Object.fromEntries(children),
    ...(about !== "" && { description: about }),
  };
}

/** Java has no flag of one value, and openapi-python-client takes schemas only. */
function isUnsupported(keyword: string, value: unknown): boolean {
  return keyword === "const"
    ? typeof value === "boolean"
    : keyword === "items" && value === false;
}

function rewrite(keyword: string, value: unknown): unknown {
  if (keyword === "properties") return mapValues(value, documentSchema);
  if (/^(?:any|one|all)Of$/.test(keyword)) {
    return (value as Property[]).map(documentSchema);
  }
  const isSchema = /^(?:items|additionalProperties)$/.test(keyword) &&
    typeof value === "object";
  return isSchema ? documentSchema(value as Property) : value;
}

function mapValues(
  object: unknown = {},
  change: (schema: Property, name: string) => unknown,
): Record<string, unknown> {
  const entries = Object.entries(object as Record<string, Property>);
  return Object.fromEntries(
    entries.map(([name, schema]) => [name, change(schema, name)]),
  );
}

/** Requires no field, and takes `null` where a field has a default to go back to. */
function patchSchema(schema: Property): Property {
  const { required = [], ...rest } = schema;
  const properties = mapValues(rest["properties"], (field, name) => {
    const patch = field["type"] === "object" ? patchSchema(field) : field;
    return (required as string[]).includes(name) ? patch : nullable(patch);
  });
  return { ...rest, properties };
}

function nullable(schema: Property): Property {
  const { type, enum: values } = schema;
  if (typesOf(schema).includes("null")) return schema;
  if (type === undefined || "const" in schema) {
    return { anyOf: [schema, { type: "null" }] };
  }
  return {
    ...schema,
    type: [type, "null"].flat(),
    ...(Array.isArray(values) && { enum: [...values, null] }),
  };
}

const EVENT =
  'event: deleted\nid: 00000000000000a30000\ndata: {"id":"01JD4Z3W6Q8R9TB2CVN5XKYM7P"}\n\n';
