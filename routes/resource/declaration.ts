/**
 * What a resource is.
 *
 * @module
 */

import type { StandardSchema } from "../../http/schema.ts";
import { type ObjectSchema, orderOf, typesOf } from "./object_schema.ts";

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

/** A resource: its declaration, and what follows from it. */
export interface Resource<Fields extends object = object>
  extends Omit<ResourceDeclaration<Fields>, "indexes"> {
  /** The fields by which `GET` filters. */
  readonly indexes: readonly string[];
  /** Those whose values have an order: `GET` takes ranges of them, and sorts. */
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
  const { name, schema, indexes = [] } = declaration;
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
  const mistakes = findMistakes(declaration, indexes, input);
  if (mistakes.length > 0) {
    const lines = mistakes.map((mistake) => `\n  ${mistake}`).join("");
    throw new TypeError(`Cannot declare the resource "${name}":${lines}`);
  }
  const orderOfIndex = (name: string): ReturnType<typeof orderOf> =>
    orderOf(input.properties[name]!);
  const defaults = Object.entries(output.properties)
    .filter(([, property]) => "default" in property)
    .map(([name, property]) => [name, property["default"]]);
  return {
    ...declaration,
    indexes,
    ordered: indexes.filter((name) => orderOfIndex(name) !== undefined),
    times: indexes.filter((name) => orderOfIndex(name) === "time"),
    input,
    output,
    defaults: Object.fromEntries(defaults),
  };
}

const INDEXED = ["string", "number", "integer", "boolean", "null"];
const RESERVED = ["id", "createdAt", "updatedAt"];
const PARAMETERS = ["sort", "limit", "cursor"];

/** Returns a sentence for each mistake that would keep a resource from being served. */
function findMistakes(
  { name, title }: Pick<Resource, "name" | "title">,
  indexes: readonly string[],
  // Some libraries leave the fields out where the schema is no object.
  { properties = {} }: Partial<ObjectSchema>,
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
  const taken = indexes.filter((index) => orderOf(properties[index] ?? {}))
    .flatMap((index) => [`${index}From`, `${index}To`]).concat(PARAMETERS);
  for (const index of indexes) {
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
