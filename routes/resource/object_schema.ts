/**
 * The JSON Schema of a resource, as far as the routes depend on it.
 *
 * @module
 */

/** JSON Schema of one field. */
export type Property = Readonly<Record<string, unknown>>;

/** JSON Schema of an object. */
export interface ObjectSchema {
  /** Its fields. */
  readonly properties: Readonly<Record<string, Property>>;
  /** Names of the fields that must be there. */
  readonly required?: readonly string[];
  /** Other keywords. */
  readonly [keyword: string]: unknown;
}

/**
 * Lists the JSON types that a field may have.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const property = { anyOf: [{ enum: ["low", "high"] }, { type: "null" }] };
 *
 * assertEquals(typesOf(property), ["string", "null"]);
 * ```
 *
 * @param property JSON Schema of the field.
 * @returns The types, by their names in JSON Schema.
 */
export function typesOf(property: Property): string[] {
  const { type, enum: values, const: value, anyOf, oneOf } = property;
  if (type !== undefined) return [type as string | string[]].flat();
  if (Array.isArray(values)) return [...new Set(values.map(typeOf))];
  if (value !== undefined) return [typeOf(value)];
  const branches = (anyOf ?? oneOf ?? []) as Property[];
  return [...new Set(branches.flatMap(typesOf))];
}

function typeOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}

const INDEXED = ["string", "number", "integer", "boolean", "null"];
const RESERVED = ["id", "createdAt", "updatedAt"];
const PARAMETERS = ["limit", "cursor"];

/**
 * Finds what would keep a resource from being served.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const input = { properties: { text: { type: "string" } } };
 * const mistakes = findMistakes({ name: "notes", indexes: ["color"], input });
 *
 * assertEquals(mistakes, ['indexes has "color": use a field of the schema']);
 * ```
 *
 * @param declaration Name, indexes and JSON Schema of the resource.
 * @returns One sentence for each mistake.
 */
export function findMistakes(
  { name, indexes, input }: {
    name: string;
    indexes: readonly string[];
    input: ObjectSchema;
  },
): string[] {
  const mistakes: string[] = [];
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    mistakes.push("name must be lower-case letters, digits and hyphens");
  }
  // Some libraries leave it out where the schema is no object.
  const properties = input.properties ?? {};
  if (Object.keys(properties).length === 0) {
    mistakes.push("schema must be an object with fields");
  }
  for (const field of RESERVED) {
    if (Object.hasOwn(properties, field)) {
      mistakes.push(`schema has "${field}": the store sets it`);
    }
  }
  for (const index of indexes) {
    const property = Object.hasOwn(properties, index) && properties[index];
    if (!property) {
      mistakes.push(`indexes has "${index}": use a field of the schema`);
    } else if (!typesOf(property).every((type) => INDEXED.includes(type))) {
      mistakes.push(`indexes has "${index}": use a string, number or boolean`);
    } else if (PARAMETERS.includes(index)) {
      mistakes.push(`indexes has "${index}": a parameter has this name`);
    }
  }
  return mistakes;
}
