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
  create,
  type Defaulted,
  fail,
  type Infer,
  type InferInput,
  type Options,
  scalar,
  type Schema,
  type SchemaIssue,
  type Side,
  TARGET,
} from "./schema/create.ts";

export type {
  Infer,
  InferInput,
  Schema,
  SchemaIssue,
  StandardSchema,
} from "./schema/create.ts";
export { date, dateTime } from "./schema/date.ts";
export { integer, number } from "./schema/number.ts";
export { string } from "./schema/string.ts";

/**
 * Accepts true and false.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(boolean()["~standard"].validate(true), { value: true });
 * ```
 */
export function boolean<const O extends Options<boolean>>(
  options: O = {} as O,
): Schema<boolean, Defaulted<boolean, O>> {
  const isBoolean = (value: unknown): boolean => typeof value === "boolean";
  return scalar(
    "Must be true or false",
    isBoolean,
    { type: "boolean" },
    options,
  );
}

/**
 * Accepts one of a list of strings.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(oneOf(["low", "high"])["~standard"].validate("urgent"), {
 *   issues: [{ message: 'Must be "low" or "high"' }],
 * });
 * ```
 */
export function oneOf<
  const Value extends string,
  const O extends Options<NoInfer<Value>>,
>(
  values: readonly Value[],
  options: O = {} as O,
): Schema<Value, Defaulted<Value, O>> {
  const quoted = values.map((value) => `"${value}"`);
  const last = quoted.pop();
  const must = `Must be ${
    [quoted.join(", "), last].filter(Boolean).join(" or ")
  }`;
  const isOne = (value: unknown): boolean => values.includes(value as Value);
  return scalar(must, isOne, { type: "string", enum: values }, options);
}

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
  const must = schema.must.replace("Must be", "Must be null or");
  const { default: _, ...inner } = schema.options;
  return create(must, { ...inner, ...options }, (value, issues) => {
    if (value === null) return null;
    const { length } = issues;
    const output = schema.read(value, issues);
    // An error of the value itself, not of one within it.
    if (issues[length]?.message === schema.must) {
      issues[length] = { message: must };
    }
    return output;
  }, (side) => {
    const { type, enum: values, ...rest } = schema.write(side);
    return {
      ...rest,
      type: [type, "null"].flat(),
      ...(Array.isArray(values) && { enum: [...values, null] }),
    };
  });
}

/** Options of {@linkcode array}. */
export interface ArrayOptions<Output> extends Options<Output> {
  /** Number of items, at least. */
  readonly min?: number;
  /** Number of items, at most. */
  readonly max?: number;
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
  const O extends ArrayOptions<NoInfer<Output>[]>,
>(
  schema: Schema<Output, Output | undefined>,
  options: O = {} as O,
): Schema<Output[], Defaulted<Output[], O>> {
  const { min = 0, max = Infinity } = options;
  const length = max === Infinity
    ? `${min} items or more`
    : `${min} to ${max} items`;
  const must = `Must be a list of ${length}`;
  return create(must, options, (value, issues) => {
    const fits = Array.isArray(value) && value.length >= min &&
      value.length <= max;
    if (!fits) return fail(issues, must);
    const output: Output[] = [];
    for (const [index, item] of value.entries()) {
      if (issues.length >= MAX_ISSUES) break;
      output.push(readAt(schema, item, index, issues) as Output);
    }
    return output;
  }, (side) => ({
    type: "array",
    items: schema["~standard"].jsonSchema[side](TARGET),
    ...(min > 0 && { minItems: min }),
    ...(max < Infinity && { maxItems: max }),
  }));
}

/** Schemas by the names of their fields. */
export type Fields = Readonly<Record<string, Schema<unknown, unknown>>>;

/** What {@linkcode object} accepts: fields with a default are optional. */
export type ObjectInput<F extends Fields> =
  & {
    [
      Name in keyof F as undefined extends InferInput<F[Name]> ? never : Name
    ]: InferInput<F[Name]>;
  }
  & {
    [Name in keyof F as undefined extends InferInput<F[Name]> ? Name : never]?:
      Exclude<InferInput<F[Name]>, undefined>;
  };

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
): Schema<
  ObjectOutput<F>,
  ObjectInput<F> | Extract<Defaulted<never, O>, undefined>
> {
  const must = "Must be a JSON object";
  const known = new Map(Object.entries(fields));
  const required = [...known.keys()]
    .filter((name) => !("default" in fields[name]!.options));
  // In the order of the declaration, with the defaults.
  const start = Object.fromEntries(
    [...known].map(([name, { options }]) => [name, options.default]),
  );

  // A default that is a list or an object is copied, so that no two results share it.
  const hasObjects = Object.values(start)
    .some((preset) => typeof preset === "object" && preset !== null);

  function read(value: unknown, issues: SchemaIssue[]): unknown {
    if (!isObject(value)) return fail(issues, must);
    for (const name of required) {
      if (issues.length >= MAX_ISSUES) break;
      if (!Object.hasOwn(value, name)) {
        issues.push({ message: "Required", path: [name] });
      }
    }
    const output: Record<string, unknown> = hasObjects
      ? structuredClone(start)
      : { ...start };
    for (const name of Object.keys(value)) {
      // A small body can have thousands of mistakes.
      if (issues.length >= MAX_ISSUES) break;
      const field = known.get(name);
      if (field !== undefined) {
        output[name] = readAt(field, value[name], name, issues);
      } else issues.push({ message: "Unknown field", path: [name] });
    }
    return output;
  }

  function write(side: Side): Record<string, unknown> {
    const properties = [...known].map(([name, field]) => [
      name,
      field["~standard"].jsonSchema[side](TARGET),
    ]);
    return {
      type: "object",
      properties: Object.fromEntries(properties),
      required: side === "input" ? required : [...known.keys()],
      additionalProperties: false,
    };
  }

  return create(must, options as Options<unknown>, read, write) as never;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Reads a value within another one. Its issues get their place there. */
function readAt<Output>(
  schema: Schema<Output, unknown>,
  value: unknown,
  key: PropertyKey,
  issues: SchemaIssue[],
): Output | undefined {
  const { length } = issues;
  const output = schema.read(value, issues);
  for (let index = length; index < issues.length; index++) {
    const { message, path = [] } = issues[index]!;
    issues[index] = { message, path: [key, ...path] };
  }
  return output;
}
