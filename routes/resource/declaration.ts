/**
 * What a resource is.
 *
 * @module
 */

import type { StandardSchema } from "../../http/schema.ts";
import { findMistakes, type ObjectSchema } from "./object_schema.ts";

/** What there is to say about a resource. */
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
   * The fields by which `GET` filters. Each costs one more row for each item.
   *
   * @default {[]}
   */
  readonly indexes?: readonly (keyof Fields & string)[];
}

/** A resource: its declaration, and what follows from it. */
export interface Resource<Fields extends object = object> {
  /** Plural: path, and first part of the keys. */
  readonly name: string;
  /** Singular: `Task`. */
  readonly title: string;
  /** What it is, in a sentence. */
  readonly description: string;
  /** Validates what a client sends. */
  readonly schema: StandardSchema<unknown, Fields>;
  /** The fields by which `GET` filters. */
  readonly indexes: readonly string[];
  /** JSON Schema of what a client sends. */
  readonly input: ObjectSchema;
  /** JSON Schema of the fields that a client receives. */
  readonly output: ObjectSchema;
  /** Defaults of fields, for stored rows that are older than the field. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/**
 * Declares a resource. This is data: nothing is opened
 * or served yet.
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
 * @typeParam Fields The fields, inferred from the schema.
 * @param declaration What there is to say about it.
 * @returns The resource.
 * @throws {TypeError} If it cannot be served, with every mistake in the message.
 */
export function resource<Fields extends object>(
  declaration: ResourceDeclaration<Fields>,
): Resource<Fields> {
  const { schema, indexes = [] } = declaration;
  const { jsonSchema } = schema["~standard"];
  const options = { target: "draft-2020-12" };
  const input = jsonSchema.input(options) as unknown as ObjectSchema;
  const output = jsonSchema.output(options) as unknown as ObjectSchema;
  const mistakes = findMistakes({ ...declaration, indexes, input });
  if (mistakes.length > 0) {
    const lines = mistakes.map((mistake) => `\n  ${mistake}`).join("");
    throw new TypeError(
      `Cannot declare the resource "${declaration.name}":${lines}`,
    );
  }
  const defaults = Object.entries(output.properties)
    .filter(([, property]) => "default" in property)
    .map(([name, property]) => [name, property["default"]]);
  return {
    ...declaration,
    indexes,
    input,
    output,
    defaults: Object.fromEntries(defaults),
  };
}
