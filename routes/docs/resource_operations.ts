/**
 * Describes the routes of a resource in OpenAPI, from its declaration.
 *
 * @module
 */

import type { Property, Resource } from "../resource/declaration.ts";
import type { Operation } from "../route.ts";
import { ref } from "./components.ts";
import { documentSchema } from "./resource_schemas.ts";

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
 *
 * assertEquals(describeResource(notes).create.operationId, "createNote");
 * ```
 */
export function describeResource(resource: Resource): Record<
  "list" | "create" | "read" | "update" | "remove" | "follow",
  Operation
> {
  const { name, noun, schemaName: one, tag } = resource;
  const tags = [tag];
  const whole = ref(`schemas/${one}`);

  return {
    list: {
      operationId: `list${tag}`,
      tags,
      summary: `List ${name}, newest first`,
      description: `\
To read on, request \`next\` as it is until it is \`null\`, or add \`nextCursor\` to the same query as \`cursor\`. A page may have fewer items than \`limit\` and not be the last.

A ${noun} that exists the whole time is listed once, whatever is created and deleted meanwhile. There is no total: a key-value store counts by reading everything.`,
      parameters: [...filtersOf(resource), "Limit", "Cursor", "IfNoneMatch"],
      responses: {
        200: {
          description: "A page",
          headers: ["ETag", "Link"],
          json: ref(`schemas/${one}Page`),
        },
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
      operationId: `follow${tag}`,
      tags,
      summary: "Follow changes as they happen",
      description: `\
Server-sent events, for \`new EventSource("/${name}/events")\`. The data of \`created\` and \`updated\` is a \`${one}\`, that of \`deleted\` a \`${one}Deleted\`.

After a lost connection, send the last \`id\` in \`Last-Event-ID\` (\`EventSource\` does so by itself): you receive every change since, once and in order. \`reset\` means that the log does not reach so far back: list again.

An empty comment every 15 seconds keeps proxies awake. A client that reads too slowly is disconnected, and may come back.`,
      parameters: ["LastEventId"],
      responses: {
        200: {
          description: "Events without end",
          headers: ["X-Accel-Buffering"],
          content: {
            "text/event-stream": {
              schema: {
                type: "string",
                contentMediaType: "text/event-stream",
                contentSchema: {
                  anyOf: [whole, ref(`schemas/${one}Deleted`), RESET],
                },
              },
              example: EVENT,
            },
          },
        },
      },
    },
  };
}

function filtersOf({ filters, ordered, output }: Resource): object[] {
  const described = filters.map(({ name, index, end }) => {
    // Without an example: viewers would fill it in.
    const { examples: _, description: __, ...schema } = documentSchema(
      output.properties[index]!,
    );
    const branches = (schema["anyOf"] ?? []) as Property[];
    const value = branches.find(({ type }) => type !== "null") ?? schema;
    const is = { from: "at least", to: "at most" }[end!] ?? "equal to";
    const about = `Only items whose \`${index}\` is ${is} this.`;
    return query(name, about, end ? value : schema);
  });
  if (ordered.length === 0) return described;
  const orders = ordered.flatMap((name) => [name, `-${name}`]);
  return [...described, query("sort", SORT, { type: "string", enum: orders })];
}

function query(name: string, description: string, schema: object): object {
  return { name, in: "query", description, schema };
}

const SORT =
  "The order, with `-` from the last value to the first. Items without a value come last. Default: newest first, or the order of a range.";

/** The data of the event `reset`. */
const RESET = { type: "object", maxProperties: 0 };

const EVENT =
  'event: deleted\nid: 00000000000000a30000\ndata: {"id":"01JD4Z3W6Q8R9TB2CVN5XKYM7P"}\n\n';
