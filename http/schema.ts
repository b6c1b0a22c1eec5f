/**
 * Schemas: one declaration gives a TypeScript type, a validator and JSON Schema.
 *
 * A schema implements {@link https://standardschema.dev | Standard Schema v1} and
 * Standard JSON Schema v1, as those of other libraries do.
 *
 * @module
 */

import { MAX_ISSUES } from "./problem.ts";
import {
  type Defaulted,
  type Infer,
  type InferInput,
  type Options,
  type RangeOptions,
  Schema,
  type SchemaIssue,
  type Side,
} from "./schema/schema.ts";

export type * from "./schema/schema.ts";
export {
  boolean,
  date,
  dateTime,
  integer,
  number,
  oneOf,
} from "./schema/scalars.ts";
export { string } from "./schema/string.ts";

/**
 * Accepts what another schema accepts, and `null`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nullable(date())["~standard"].validate(null), { value: null });
 * ```
 */
export function nullable<
  Output,
  const O extends Options<NoInfer<Output> | null>,
>(
  schema: Schema<Output, Output | undefined>,
  options: O = {} as O,
): Schema<Output | null, Defaulted<Output | null, O>> {
  return new Schema(
    schema.must.replace("Must be", "Must be null or"),
    options,
    (value, issues) => value === null ? null : schema.parse(value, issues),
    (side) => {
      // A default of the schema within does not count.
      const { type, enum: values, default: _, ...rest } = schema.write(side);
      return {
        ...rest,
        type: [...new Set([type, "null"].flat())],
        ...(Array.isArray(values) &&
          { enum: [...new Set([...values, null])] }),
      };
    },
  );
}

/**
 * Accepts a list of what another schema accepts.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(array(boolean())["~standard"].validate([true, 1]), {
 *   issues: [{ message: "Must be true or false", path: [1] }],
 * });
 * ```
 */
export function array<
  Output,
  const O extends RangeOptions<NoInfer<Output>[]>,
>(
  schema: Schema<Output, Output | undefined>,
  options: O = {} as O,
): Schema<Output[], Defaulted<Output[], O>> {
  const { min = 0, max = Infinity } = options;
  const length = max === Infinity
    ? `${min} items or more`
    : `${min} to ${max} items`;
  return new Schema(`Must be a list of ${length}`, options, (value, issues) => {
    const fits = Array.isArray(value) && value.length >= min &&
      value.length <= max;
    if (!fits) return undefined;
    const output: Output[] = [];
    for (const [index, item] of value.entries()) {
      if (issues.length >= MAX_ISSUES) break;
      output.push(schema.read(item, issues, index) as Output);
    }
    return output;
  }, (side) => ({
    type: "array",
    items: schema.write(side),
    ...(min > 0 && { minItems: min }),
    ...(max < Infinity && { maxItems: max }),
  }));
}

/** Schemas by the names of their fields. */
export type Fields = Readonly<Record<string, Schema<unknown, unknown>>>;

/** The names of the fields with a default. */
export type Optional<F extends Fields> = {
  [Name in keyof F]: undefined extends InferInput<F[Name]> ? Name : never;
}[keyof F];

/** What {@linkcode object} accepts: fields with a default are optional. */
export type ObjectInput<F extends Fields> =
  & { [Name in Exclude<keyof F, Optional<F>>]: InferInput<F[Name]> }
  & { [Name in Optional<F>]?: Exclude<InferInput<F[Name]>, undefined> };

/** What {@linkcode object} returns. */
export type ObjectOutput<F extends Fields> = {
  [Name in keyof F]: Infer<F[Name]>;
};

/**
 * Accepts an object with these fields and no others.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const note = object({ text: string(), pinned: boolean({ default: false }) });
 *
 * assertEquals(note["~standard"].validate({ text: "Hello" }), {
 *   value: { text: "Hello", pinned: false },
 * });
 * assertEquals(note["~standard"].validate({ color: "red" }), {
 *   issues: [
 *     { message: "Required", path: ["text"] },
 *     { message: "Unknown field", path: ["color"] },
 *   ],
 * });
 * ```
 */
export function object<
  F extends Fields,
  const O extends Options<ObjectOutput<F>>,
>(
  fields: F,
  options: O = {} as O,
): Schema<ObjectOutput<F>, Defaulted<ObjectInput<F>, O>> {
  const known = new Map(Object.entries(fields));
  const names = [...known.keys()];
  const required = names.filter((name) =>
    !("default" in fields[name]!.options)
  );
  // In the order of the declaration, with the defaults.
  const start: Record<string, unknown> = Object.fromEntries(
    names.map((name) => [name, fields[name]!.options.default]),
  );
  // A default that is a list or an object is copied, so that no two results share it.
  const hasObjects = Object.values(start).some((one) => one instanceof Object);

  function parse(value: unknown, issues: SchemaIssue[]): unknown {
    if (!isObject(value)) return undefined;
    for (const name of required) {
      if (issues.length >= MAX_ISSUES) break;
      if (!Object.hasOwn(value, name)) {
        issues.push({ message: "Required", path: [name] });
      }
    }
    const output = hasObjects ? structuredClone(start) : { ...start };
    for (const name of Object.keys(value)) {
      // A small body can have thousands of mistakes.
      if (issues.length >= MAX_ISSUES) break;
      const field = known.get(name);
      if (field !== undefined) {
        output[name] = field.read(value[name], issues, name);
      } else issues.push({ message: "Unknown field", path: [name] });
    }
    return output;
  }

  const json = (side: Side): Record<string, unknown> => ({
    type: "object",
    properties: Object.fromEntries(
      names.map((name) => [name, fields[name]!.write(side)]),
    ),
    required: side === "input" ? required : names,
    additionalProperties: false,
  });
  return new Schema<unknown>(
    "Must be a JSON object",
    options,
    parse,
    json,
  ) as never;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
