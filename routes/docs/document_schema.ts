/**
 * JSON Schema in the form that generated clients and viewers cope with.
 *
 * @module
 */

import { type Property, typesOf } from "../resource/object_schema.ts";
import type { Json } from "./operation.ts";

/**
 * Rewrites JSON Schema for the document.
 *
 * A default goes into the description: as a keyword, openapi-typescript requires the
 * field and openapi-generator writes Java that does not compile. Every enum and const
 * gets its type: without one, Go and viewers take any value.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(documentSchema({ enum: ["low", "high"], default: "low" }), {
 *   type: "string",
 *   enum: ["low", "high"],
 *   description: 'Default: `"low"`.',
 * });
 * ```
 *
 * @returns JSON Schema 2020-12 with the same meaning.
 */
export function documentSchema(schema: Property): Record<string, Json> {
  const { $schema: _, default: preset, description, ...rest } = schema;
  const children = Object.entries(rest)
    .filter(([keyword, value]) => !isUnsupported(keyword, value))
    .map(([keyword, value]) => [keyword, rewrite(keyword, value)]);
  const isTyped = "type" in rest || !("enum" in rest || "const" in rest);
  const [type, ...others] = isTyped ? [] : typesOf(rest);
  const told = [
    description,
    "default" in schema && `Default: \`${JSON.stringify(preset)}\`.`,
  ].filter(Boolean).join(" ");
  return {
    ...(type !== undefined &&
      { type: others.length > 0 ? [type, ...others] : type }),
    ...Object.fromEntries(children),
    ...(told !== "" && { description: told }),
  };
}

/** Java has no flag of one value, and openapi-python-client takes schemas only. */
function isUnsupported(keyword: string, value: unknown): boolean {
  return keyword === "const"
    ? typeof value === "boolean"
    : keyword === "items" && value === false;
}

function rewrite(keyword: string, value: unknown): unknown {
  if (/^(?:properties|\$defs)$/.test(keyword)) {
    const entries = Object.entries(value as Record<string, Property>);
    return Object.fromEntries(
      entries.map(([name, schema]) => [name, documentSchema(schema)]),
    );
  }
  if (/^(?:anyOf|oneOf|allOf)$/.test(keyword)) {
    return (value as Property[]).map(documentSchema);
  }
  const isSchema = /^(?:items|additionalProperties)$/.test(keyword) &&
    typeof value === "object";
  return isSchema ? documentSchema(value as Property) : value;
}

/**
 * Writes the schema of a merge patch (RFC 7396) from that of the whole: no field is
 * required, and `null` is accepted where it takes a field back to its default.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { required, properties } = patchSchema({
 *   type: "object",
 *   required: ["title"],
 *   properties: { title: { type: "string" }, done: { type: "boolean" } },
 * });
 *
 * assertEquals(required, undefined);
 * assertEquals(properties, {
 *   title: { type: "string" },
 *   done: { type: ["boolean", "null"] },
 * });
 * ```
 */
export function patchSchema(schema: Property): Record<string, Json> {
  const { required = [], properties = {}, ...rest } = schema;
  const entries = Object.entries(properties as Record<string, Property>)
    .map(([name, property]) => {
      const patch = property["type"] === "object"
        ? patchSchema(property)
        : property;
      const isRequired = (required as string[]).includes(name);
      return [name, isRequired ? patch : nullable(patch)];
    });
  return { ...rest as object, properties: Object.fromEntries(entries) };
}

function nullable(schema: Property): Property {
  if (typesOf(schema).includes("null")) return schema;
  const { type, enum: values } = schema;
  if (type === undefined) return { anyOf: [schema, { type: "null" }] };
  return {
    ...schema,
    type: [type, "null"].flat(),
    ...(Array.isArray(values) && { enum: [...values, null] }),
  };
}
