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
