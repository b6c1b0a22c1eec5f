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

/**
 * Returns what the order of a field's values is that of, if they have one: the values
 * themselves for numbers and dates, or points in time.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(orderOf({ type: "string", format: "date" }), "value");
 * assertEquals(orderOf({ type: "string" }), undefined);
 * ```
 */
export function orderOf(property: Property): "value" | "time" | undefined {
  const branches =
    (property["anyOf"] ?? property["oneOf"] ?? [property]) as Property[];
  const kinds = new Set(
    branches.flatMap((branch) =>
      typesOf(branch).filter((type) => type !== "null")
        .map((type) =>
          ORDERS[String(type === "string" ? branch["format"] : type)]
        )
    ),
  );
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

const ORDERS: Record<string, "value" | "time"> = {
  number: "value",
  integer: "value",
  date: "value",
  "date-time": "time",
};

function typeOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
