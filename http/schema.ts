/**
 * Schemas: one declaration gives a TypeScript type, a validator and JSON Schema.
 *
 * A schema implements {@link https://standardschema.dev | Standard Schema v1} and
 * Standard JSON Schema v1, as those of other libraries do.
 *
 * @module
 */

import { MAX_ISSUES } from "./problem.ts";

/** A validation error, and where it is. */
export interface SchemaIssue {
  /** What the value must be. */
  readonly message: string;
  /** Names and indexes that lead to the value. */
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

/** The validated value, or all validation errors. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** Writes a schema as JSON Schema of a version, such as `draft-2020-12`. */
export type JsonSchemaWriter = (
  options: { readonly target: string },
) => Record<string, unknown>;

/** Standard Schema v1 and Standard JSON Schema v1, as far as they are used here. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The interface of the standard. */
  readonly "~standard": {
    /** Version of the standard. */
    readonly version: 1;
    /** Name of the library. */
    readonly vendor: string;
    /** Types, which exist in TypeScript alone. */
    readonly types?:
      | { readonly input: Input; readonly output: Output }
      | undefined;
    /** Validates a value of unknown shape. */
    readonly validate: (
      value: unknown,
    ) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** Writes JSON Schema of what goes in, and of what comes out. */
    readonly jsonSchema: {
      readonly input: JsonSchemaWriter;
      readonly output: JsonSchemaWriter;
    };
  };
}

/** The type of what a schema returns: every field, defaults filled in. */
export type Infer<S extends StandardSchema<unknown, unknown>> = NonNullable<
  S["~standard"]["types"]
>["output"];

/** The type of what a schema takes: fields with a default are optional. */
export type InferInput<S extends StandardSchema<unknown, unknown>> =
  NonNullable<S["~standard"]["types"]>["input"];

/** Options of every schema. */
export interface Options<Output> {
  /** What the value is, for the documentation. */
  readonly description?: string;
  /** Value of a field that is left out. Without one the field is required. */
  readonly default?: Output;
  /** Values that show what is meant, for the documentation. */
  readonly examples?: readonly Output[];
}

/** A schema of this module. `Input` has `undefined` where there is a default. */
export interface Schema<Output, Input = Output>
  extends StandardSchema<Input, Output> {
  /** What a value must be: "Must be …". */
  readonly must: string;
  /** Options that every schema has. */
  readonly options: Options<Output>;
  /** JSON Schema of one side. */
  readonly write: (side: "input" | "output") => Record<string, unknown>;
  /** Returns the validated value. Adds what is wrong with it to `issues`. */
  readonly read: (value: unknown, issues: SchemaIssue[]) => Output | undefined;
}

type Defaulted<Output, O> = O extends { readonly default: unknown }
  ? Output | undefined
  : Output;

/** Options of {@linkcode string}. */
export interface StringOptions extends Options<string> {
  /** Characters (code points), at least. */
  readonly min?: number;
  /** Characters (code points), at most. */
  readonly max?: number;
  /** Removes white space at both ends, before anything is checked. */
  readonly trim?: boolean;
  /** What the string must match, as ECMA-262 reads it with the flag `u`. */
  readonly pattern?: RegExp;
  /** A form with a name. */
  readonly format?: "email" | "uuid";
}

// Read alike with and without the flag u, since generated clients use both.
const PAIR = String.raw`[\ud800-\udbff][\udc00-\udfff]`;
const CHARACTER = String.raw`(?:[^\u0000\ud800-\udfff]|${PAIR})`;
const VISIBLE = String.raw`(?:[^\s\u0000\ud800-\udfff]|${PAIR})`;

const FORMATS = {
  email: {
    form: /^[^\s@]+@[^\s@]+\.[^\s@]+$/u,
    must: "Must be an e-mail address, such as kim@example.com",
  },
  uuid: {
    form: /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/,
    must: "Must be a UUID in lower case",
  },
};

/**
 * A string. NUL and half of a surrogate pair are no characters of it.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const title = string({ trim: true, min: 1, max: 100 });
 *
 * assertEquals(title["~standard"].validate(" Write "), { value: "Write" });
 * assertEquals(title["~standard"].validate(""), {
 *   issues: [{ message: "Must be a string of 1 to 100 characters" }],
 * });
 * ```
 *
 * @param options Length, form, description, default and examples.
 * @returns The schema.
 */
export function string<const O extends StringOptions>(
  options: O = {} as O,
): Schema<string, Defaulted<string, O>> {
  const { min = 0, max = Infinity, trim = false, format } = options;
  const form = format ? FORMATS[format].form : options.pattern;
  const must = format ? FORMATS[format].must : mustBeText(min, max, form);

  function read(value: unknown, issues: SchemaIssue[]): string | undefined {
    if (typeof value !== "string") return fail(issues, must);
    const text = trim ? value.trim() : value;
    if (!hasLength(text, min, max)) return fail(issues, must);
    if (!text.isWellFormed() || text.includes("\0")) {
      return fail(issues, "Must not contain NUL or half of a surrogate pair");
    }
    if (form && text.search(form) === -1) return fail(issues, must);
    return text;
  }

  function write(): Record<string, unknown> {
    return {
      type: "string",
      ...(format && { format }),
      ...(min > 0 && { minLength: min }),
      ...(max < Infinity && !trim && { maxLength: max }),
      pattern: trim ? trimmedPattern(min, max) : `^${CHARACTER}*$`,
      ...(form && { allOf: [{ pattern: form.source }] }),
    };
  }

  return create(must, options, read, write);
}

function mustBeText(min: number, max: number, form?: RegExp): string {
  const that = form ? ` that matches ${form.source}` : "";
  if (max === Infinity) {
    const length = min === 0 ? "" : ` of at least ${min} characters`;
    return `Must be a string${length}${that}`;
  }
  const length = min === 0 ? `up to ${max}` : `${min} to ${max}`;
  return `Must be a string of ${length} characters${that}`;
}

/** A character is one or two UTF-16 units, so most lengths need no counting. */
function hasLength(text: string, min: number, max: number): boolean {
  const units = text.length;
  if (units < min || units > 2 * max) return false;
  if (units <= max && units >= 2 * min - 1) return true;
  const { length } = [...text];
  return length >= min && length <= max;
}

/** White space around the characters that count. */
function trimmedPattern(min: number, max: number): string {
  const most = max === Infinity ? "" : max - 2;
  const rest = max === 1
    ? ""
    : `(?:${CHARACTER}{${Math.max(0, min - 2)},${most}}${VISIBLE})${
      min < 2 ? "?" : ""
    }`;
  const text = `${VISIBLE}${rest}`;
  return String.raw`^\s*${min === 0 ? `(?:${text})?` : text}\s*$`;
}

/** Options of {@linkcode number} and {@linkcode integer}. */
export interface NumberOptions extends Options<number> {
  /** Least value. */
  readonly min?: number;
  /** Greatest value. */
  readonly max?: number;
}

/**
 * A number.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const price = number({ min: 0 });
 *
 * assertEquals(price["~standard"].validate(1.5), { value: 1.5 });
 * assertEquals(price["~standard"].validate(-1), {
 *   issues: [{ message: "Must be a number from 0" }],
 * });
 * ```
 *
 * @param options Range, description, default and examples.
 * @returns The schema.
 */
export function number<const O extends NumberOptions>(
  options: O = {} as O,
): Schema<number, Defaulted<number, O>> {
  return numeric("number", "a number", Number.isFinite, options);
}

/**
 * A whole number, within what a double holds exactly (2^53 - 1).
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const count = integer({ min: 1, max: 9 });
 *
 * assertEquals(count["~standard"].validate(1.5), {
 *   issues: [{ message: "Must be a whole number from 1 to 9" }],
 * });
 * ```
 *
 * @param options Range, description, default and examples.
 * @returns The schema.
 */
export function integer<const O extends NumberOptions>(
  options: O = {} as O,
): Schema<number, Defaulted<number, O>> {
  const { MIN_SAFE_INTEGER: min, MAX_SAFE_INTEGER: max } = Number;
  const range = { min, max, ...options };
  return numeric("integer", "a whole number", Number.isInteger, range);
}

function numeric<O extends NumberOptions>(
  type: string,
  what: string,
  isOne: (value: unknown) => boolean,
  options: O,
): Schema<number, Defaulted<number, O>> {
  const { min = -Infinity, max = Infinity } = options;
  const bounds = [
    min > Number.MIN_SAFE_INTEGER && ` from ${min}`,
    max < Number.MAX_SAFE_INTEGER && ` to ${max}`,
  ];
  const must = `Must be ${what}${bounds.filter(Boolean).join("")}`;
  return create(must, options, (value, issues) => {
    const number = value as number;
    if (isOne(value) && number >= min && number <= max) return number;
    return fail(issues, must);
  }, () => ({
    type,
    ...(min > -Infinity && { minimum: min }),
    ...(max < Infinity && { maximum: max }),
  }));
}

/**
 * True or false.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(boolean()["~standard"].validate("yes"), {
 *   issues: [{ message: "Must be true or false" }],
 * });
 * ```
 *
 * @param options Description, default and examples.
 * @returns The schema.
 */
export function boolean<const O extends Options<boolean>>(
  options: O = {} as O,
): Schema<boolean, Defaulted<boolean, O>> {
  const must = "Must be true or false";
  return create(
    must,
    options,
    (value, issues) => typeof value === "boolean" ? value : fail(issues, must),
    () => ({ type: "boolean" }),
  );
}

/**
 * A calendar date that exists, `YYYY-MM-DD` (RFC 3339, 5.6), of the years 0001 to
 * 9999: several languages have no year 0.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(date()["~standard"].validate("2026-02-30"), {
 *   issues: [{ message: "Must be a date that exists, such as 2026-02-28" }],
 * });
 * ```
 *
 * @param options Description, default and examples.
 * @returns The schema.
 */
export function date<const O extends Options<string>>(
  options: O = {} as O,
): Schema<string, Defaulted<string, O>> {
  const must = "Must be a date that exists, such as 2026-02-28";
  return create(
    must,
    options,
    (value, issues) => isDate(value) ? value : fail(issues, must),
    () => ({ type: "string", format: "date", pattern: `^${DATE}$` }),
  );
}

/**
 * A date and a time with `Z` or an offset (RFC 3339, 5.6), as it was sent.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const value = "2026-02-28T08:15:00+01:00";
 *
 * assertEquals(dateTime()["~standard"].validate(value), { value });
 * ```
 *
 * @param options Description, default and examples.
 * @returns The schema.
 */
export function dateTime<const O extends Options<string>>(
  options: O = {} as O,
): Schema<string, Defaulted<string, O>> {
  const must = "Must be a time that exists, such as 2026-02-28T08:15:00Z";
  const form = `^${DATE}T${TIME}$`;
  const pattern = new RegExp(form);
  return create(
    must,
    options,
    (value, issues) =>
      typeof value === "string" && pattern.test(value) &&
        isDate(value.slice(0, 10))
        ? value
        : fail(issues, must),
    () => ({ type: "string", format: "date-time", pattern: form }),
  );
}

const DATE = String.raw`(?!0000)\d{4}-\d\d-\d\d`;
const TIME = String
  .raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)`;
const DATE_FORM = new RegExp(`^${DATE}$`);

// By the calendar, not with Date, which takes seven times as long.
function isDate(value: unknown): value is string {
  if (typeof value !== "string" || !DATE_FORM.test(value)) return false;
  const year = Number(value.slice(0, 4));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const day = Number(value.slice(8));
  return day >= 1 && day <= (days[Number(value.slice(5, 7)) - 1] ?? 0);
}

/**
 * One of a list of strings.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const priority = oneOf(["low", "medium", "high"]);
 *
 * assertEquals(priority["~standard"].validate("urgent"), {
 *   issues: [{ message: 'Must be "low", "medium" or "high"' }],
 * });
 * ```
 *
 * @typeParam Value The strings.
 * @param values The strings.
 * @param options Description, default and examples.
 * @returns The schema.
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
  return create(
    must,
    options,
    (value, issues) =>
      values.includes(value as Value) ? value as Value : fail(issues, must),
    () => ({ type: "string", enum: values }),
  );
}

/**
 * What another schema takes, or `null`.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const dueOn = nullable(date());
 *
 * assertEquals(dueOn["~standard"].validate(null), { value: null });
 * ```
 *
 * @param schema Schema of a value that is not `null`.
 * @param options Description, default and examples.
 * @returns The schema.
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
    // The schema itself reports at its own place; what is within stays as it is.
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
 * A list of what another schema takes.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const tags = array(string(), { max: 2 });
 *
 * assertEquals(tags["~standard"].validate(["a", 1]), {
 *   issues: [{ message: "Must be a string", path: [1] }],
 * });
 * ```
 *
 * @param schema Schema of each item.
 * @param options Length, description, default and examples.
 * @returns The schema.
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

type Fields = Readonly<Record<string, Schema<unknown, unknown>>>;
type Optional<F extends Fields> = {
  [Name in keyof F]: undefined extends InferInput<F[Name]> ? Name : never;
}[keyof F];
type Simplify<T> = { [Name in keyof T]: T[Name] };

/** What an object takes. */
export type ObjectInput<F extends Fields> = Simplify<
  & { [Name in Exclude<keyof F, Optional<F>>]: InferInput<F[Name]> }
  & { [Name in Optional<F>]?: Exclude<InferInput<F[Name]>, undefined> }
>;

/** What an object returns. */
export type ObjectOutput<F extends Fields> = {
  [Name in keyof F]: Infer<F[Name]>;
};

/**
 * An object with these fields and no others.
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
 *
 * @param fields Schema of each field.
 * @param options Description, default and examples.
 * @returns The schema.
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

  function write(side: "input" | "output"): Record<string, unknown> {
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

const TARGET = { target: "draft-2020-12" };

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

function fail(issues: SchemaIssue[], message: string): undefined {
  issues.push({ message });
}

function create<Output, O extends Options<Output>>(
  must: string,
  options: O,
  read: Schema<Output>["read"],
  write: Schema<Output>["write"],
): Schema<Output, Defaulted<Output, O>> {
  function writer(side: "input" | "output"): JsonSchemaWriter {
    return ({ target }) => {
      if (target !== TARGET.target) {
        throw new TypeError(
          `Cannot write JSON Schema "${target}": use "${TARGET.target}"`,
        );
      }
      const { description, default: preset, examples } = options;
      return {
        ...write(side),
        ...(description !== undefined && { description }),
        ...(preset !== undefined && { default: preset }),
        ...(examples !== undefined && { examples }),
      };
    };
  }

  function validate(value: unknown): SchemaResult<Output> {
    const issues: SchemaIssue[] = [];
    const output = read(value, issues);
    return issues.length > 0 ? { issues } : { value: output as Output };
  }

  const jsonSchema = { input: writer("input"), output: writer("output") };
  return {
    must,
    options,
    read,
    write,
    "~standard": { version: 1, vendor: "schema", validate, jsonSchema },
  };
}
