/**
 * Makes example values for the documentation.
 *
 * @module
 */

import { type Property, typesOf } from "../resource/object_schema.ts";
import type { Json } from "./operation.ts";

/**
 * Makes a value that fits a schema: its first example, its default, or a value of its
 * type. A field with a pattern needs an example.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(exampleOf({ type: "string", examples: ["Milk"] }), "Milk");
 * assertEquals(exampleOf({ type: "integer", minimum: 3 }), 3);
 * ```
 */
export function exampleOf(schema: Property): Json {
  const { examples, default: preset, enum: values, const: value } = schema;
  const given = [(examples as Json[])?.[0], preset, (values as Json[])?.[0]];
  const found = [...given, value].find((one) => one !== undefined);
  if (found !== undefined) return found as Json;
  const branches = (schema["anyOf"] ?? schema["oneOf"]) as Property[];
  if (branches !== undefined) return exampleOf(branches[0]!);
  return VALUES[typesOf(schema)[0]!]?.(schema) ?? null;
}

const VALUES: Record<string, (schema: Property) => Json> = {
  string: ({ format, minLength = 0 }) =>
    TEXTS[String(format)] ?? "text".padEnd(Number(minLength), "t"),
  number: ({ minimum = 1 }) => Number(minimum),
  integer: ({ minimum = 1 }) => Number(minimum),
  boolean: () => false,
  array: ({ items, minItems = 0 }) =>
    Array.from(
      { length: Number(minItems) },
      () => exampleOf(items as Property),
    ),
  object: ({ properties = {} }) =>
    Object.fromEntries(
      Object.entries(properties as Record<string, Property>)
        .map(([name, property]) => [name, exampleOf(property)]),
    ),
};

const TEXTS: Record<string, string> = {
  "date": "2026-02-28",
  "date-time": "2026-02-27T08:15:30.123Z",
  "email": "kim@example.com",
  "uri": "https://example.com/",
  "uuid": "4f1c2d0a-8a4e-4c38-9d2b-6a1d3f0e7b55",
};
