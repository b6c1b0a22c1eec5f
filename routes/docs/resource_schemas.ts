/**
 * Writes the JSON Schemas of a resource, as generated clients and viewers need them.
 *
 * @module
 */

import {
  type Property,
  type Resource,
  typesOf,
} from "../resource/declaration.ts";
import { ref } from "./components.ts";

/**
 * Describes what a client sends and receives.
 *
 * @example Usage
 * ```ts
 * import { assert } from "@std/assert";
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
 * assert("NotePatch" in resourceSchemas(notes));
 * ```
 */
export function resourceSchemas(
  { noun, schemaName: name, description, input, output }: Resource,
): Record<string, object> {
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
    [`${name}Deleted`]: {
      type: "object",
      description: `The data of the event \`deleted\`: which ${noun} it was.`,
      required: ["id"],
      properties: { id: ref("schemas/Id") },
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
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(documentSchema({ const: "a" }), { type: "string", const: "a" });
 * ```
 */
export function documentSchema(schema: Property): Property {
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
