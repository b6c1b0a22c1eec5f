/**
 * What a resource is.
 *
 * @module
 */

import type { StandardSchema } from "../../http/schema.ts";

/** Everything that a resource needs. */
export interface ResourceDeclaration<Fields extends object> {
  /** Plural: the path is `/tasks`, and the keys in the store begin with it. */
  readonly name: string;
  /** Singular, for people and for the names in OpenAPI: `Task`. */
  readonly title: string;
  /** What it is, in a sentence. */
  readonly description: string;
  /**
   * The fields that a client may set. Any schema will do that implements Standard
   * Schema and Standard JSON Schema; it must reject unknown fields, and its output
   * must be JSON.
   */
  readonly schema: StandardSchema<unknown, Fields>;
  /**
   * The fields by which `GET` filters, and sorts where their values are dates, times
   * or numbers. Each costs one more row for each item.
   *
   * @default {[]}
   */
  readonly indexes?: readonly (keyof Fields & string)[];
}

/** JSON Schema of one field. */
export type Property = Readonly<Record<string, unknown>>;

/** JSON Schema of an object. */
export interface ObjectSchema {
  /** Its fields. */
  readonly properties: Readonly<Record<string, Property>>;
  /** Other keywords. */
  readonly [keyword: string]: unknown;
}

/** A parameter by which a list is filtered. */
export interface ListFilter {
  /** Name of the parameter: that of the index, for a range with `From` or `To`. */
  readonly name: string;
  /** The indexed field. */
  readonly index: string;
  /** Which end of a range it is. Without one, the field must equal it. */
  readonly end?: "from" | "to";
}

/** A resource: its declaration, and what follows from it. */
export interface Resource<Fields extends object = object>
  extends Omit<ResourceDeclaration<Fields>, "indexes"> {
  /** The title within a sentence: `task`. */
  readonly noun: string;
  /** The group of its routes in OpenAPI: `Tasks`. */
  readonly tag: string;
  /** The name of its schema in OpenAPI: `Task`. */
  readonly schemaName: string;
  /** The indexed fields. */
  readonly indexes: readonly string[];
  /** The parameters by which `GET` filters. */
  readonly filters: readonly ListFilter[];
  /** The indexes whose values have an order: `GET` takes ranges of them, and sorts. */
  readonly ordered: readonly string[];
  /** Those whose values are points in time. */
  readonly times: readonly string[];
  /** JSON Schema of what a client sends. */
  readonly input: ObjectSchema;
  /** JSON Schema of the fields that a client receives. */
  readonly output: ObjectSchema;
  /** Defaults of fields, for stored rows that are older than the field. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/**
 * Declares a resource. This is data: nothing is opened or served.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { object, string } from "../../http/schema.ts";
 *
 * const notes = resource({
 *   name: "notes",
 *   title: "Note",
 *   description: "Short texts.",
 *   schema: object({ text: string({ min: 1, max: 500 }) }),
 * });
 *
 * assertEquals(Object.keys(notes.input.properties), ["text"]);
 * ```
 *
 * @throws {TypeError} If it cannot be served, with every mistake in the message.
 */
export function resource<Fields extends object>(
  declaration: ResourceDeclaration<Fields>,
): Resource<Fields> {
  const { name, title, schema, indexes = [] } = declaration;
  const { jsonSchema } = schema["~standard"];
  // An old version of a schema library. `deno run` does not check types.
  if (jsonSchema === undefined) {
    throw new TypeError(
      `Cannot declare the resource "${name}": its schema does not implement Standard JSON Schema, use a newer version of its library`,
    );
  }
  const options = { target: "draft-2020-12" };
  const input = jsonSchema.input(options) as unknown as ObjectSchema;
  const output = jsonSchema.output(options) as unknown as ObjectSchema;
  // Some libraries leave the fields out where the schema is no object.
  const { properties = {} } = input as Partial<ObjectSchema>;
  const orderOfIndex = (name: string): Order => orderOf(properties[name] ?? {});
  const ordered = indexes.filter((name) => orderOfIndex(name) !== undefined);
  const filters = indexes.flatMap((index): ListFilter[] => {
    const equal = { name: index, index };
    if (!ordered.includes(index)) return [equal];
    const from = { name: `${index}From`, index, end: "from" } as const;
    return [equal, from, { name: `${index}To`, index, end: "to" }];
  });
  const mistakes = findMistakes(declaration, properties, filters);
  if (mistakes.length > 0) {
    const lines = mistakes.map((mistake) => `\n  ${mistake}`).join("");
    throw new TypeError(`Cannot declare the resource "${name}":${lines}`);
  }
  const defaults = Object.entries(output.properties)
    .filter(([, property]) => "default" in property)
    .map(([name, property]) => [name, property["default"]]);
  return {
    ...declaration,
    noun: title.toLowerCase(),
    tag: pascal(name),
    schemaName: pascal(title),
    indexes,
    filters,
    ordered,
    times: indexes.filter((name) => orderOfIndex(name) === "time"),
    input,
    output,
    defaults: Object.fromEntries(defaults),
  };
}

function pascal(text: string): string {
  return text.split(/[^A-Za-z0-9]+/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join("");
}

const INDEXED = ["string", "number", "integer", "boolean", "null"];
const RESERVED = ["id", "createdAt", "updatedAt"];
const PARAMETERS = ["sort", "limit", "cursor"];

/** Returns a sentence for each mistake that would keep a resource from being served. */
function findMistakes(
  { name, title }: Pick<Resource, "name" | "title">,
  properties: ObjectSchema["properties"],
  filters: readonly ListFilter[],
): string[] {
  const mistakes: string[] = [];
  if (!/^[a-z][a-z0-9-]*$/.test(name)) {
    mistakes.push("name must be lower-case letters, digits and hyphens");
  }
  if (!/^[a-z]/i.test(title)) {
    mistakes.push(
      "title must begin with a letter from A to Z: it names schemas in OpenAPI",
    );
  }
  if (Object.keys(properties).length === 0) {
    mistakes.push("schema must be an object with fields");
  }
  for (const field of RESERVED) {
    if (Object.hasOwn(properties, field)) {
      mistakes.push(`schema has "${field}": the store sets it`);
    }
  }
  const ranges = filters.filter(({ end }) => end);
  const taken = [...ranges.map(({ name }) => name), ...PARAMETERS];
  for (const index of new Set(filters.map(({ index }) => index))) {
    const property = Object.hasOwn(properties, index) && properties[index];
    if (!property) {
      mistakes.push(`indexes has "${index}": use a field of the schema`);
    } else if (!typesOf(property).every((type) => INDEXED.includes(type))) {
      mistakes.push(`indexes has "${index}": use a string, number or boolean`);
    } else if (taken.includes(index)) {
      mistakes.push(`indexes has "${index}": a parameter has this name`);
    }
  }
  return mistakes;
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
 * How the values of a field are ordered, if they are: numbers and dates as they are,
 * times as points in time.
 */
type Order = "value" | "time" | undefined;

function orderOf(property: Property): Order {
  const branches =
    (property["anyOf"] ?? property["oneOf"] ?? [property]) as Property[];
  const orders = branches.flatMap((branch) =>
    typesOf(branch).filter((type) => type !== "null")
      .map((type) =>
        ORDERS[String(type === "string" ? branch["format"] : type)]
      )
  );
  return new Set(orders).size === 1 ? orders[0] : undefined;
}

const ORDERS: Record<string, Order> = {
  number: "value",
  integer: "value",
  date: "value",
  "date-time": "time",
};

function typeOf(value: unknown): string {
  return value === null ? "null" : typeof value;
}
