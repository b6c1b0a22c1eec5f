/**
 * What all schemas have in common.
 *
 * @module
 */

/** A validation error. */
export interface SchemaIssue {
  /** What the value must be. */
  readonly message: string;
  /** The keys that lead to the value. */
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}

/** The validated value, or all validation errors. */
export type SchemaResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

/** Writes JSON Schema of a version, such as `draft-2020-12`. */
export type JsonSchemaWriter = (
  options: { readonly target: string },
) => Record<string, unknown>;

/** Standard Schema v1 and Standard JSON Schema v1, as far as they are used here. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The properties of both standards. */
  readonly "~standard": {
    /** Version of the standards. */
    readonly version: 1;
    /** Name of the library. */
    readonly vendor: string;
    /** Exists in TypeScript only. */
    readonly types?:
      | { readonly input: Input; readonly output: Output }
      | undefined;
    /** Validates a value of unknown shape. */
    readonly validate: (
      value: unknown,
    ) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    /** Writes JSON Schema of what is accepted, and of what is returned. */
    readonly jsonSchema: Readonly<Record<Side, JsonSchemaWriter>>;
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
  /** Description, for the documentation. */
  readonly description?: string;
  /** Value of a field that is left out. Without one the field is required. */
  readonly default?: Output;
  /** Examples, for the documentation. */
  readonly examples?: readonly Output[];
}

/** A schema of this module. `Input` has `undefined` where there is a default. */
export interface Schema<Output, Input = Output>
  extends StandardSchema<Input, Output> {
  /** What a value must be: "Must be …". */
  readonly must: string;
  /** The options that every schema has. */
  readonly options: Options<Output>;
  /** Writes JSON Schema, without what all schemas have. */
  readonly write: (side: Side) => Record<string, unknown>;
  /** Returns the validated value, or adds validation errors. */
  readonly read: (value: unknown, issues: SchemaIssue[]) => Output | undefined;
}

/** What a schema accepts, or what it returns. */
export type Side = "input" | "output";

/** What a schema accepts, with `undefined` where its options have a default. */
export type Defaulted<Output, O> = O extends { readonly default: unknown }
  ? Output | undefined
  : Output;

/** The version of JSON Schema that is written. */
export const TARGET = { target: "draft-2020-12" };

/**
 * Adds a validation error.
 *
 * @returns Nothing, as a value that is not valid has no output.
 */
export function fail(issues: SchemaIssue[], message: string): undefined {
  issues.push({ message });
}

/**
 * Creates a schema of values that are returned as they are.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const one = scalar("Must be 1", (value) => value === 1, { const: 1 }, {});
 *
 * assertEquals(one["~standard"].validate(1), { value: 1 });
 * ```
 */
export function scalar<Output, O extends Options<Output>>(
  must: string,
  fits: (value: unknown) => boolean,
  json: Record<string, unknown>,
  options: O,
): Schema<Output, Defaulted<Output, O>> {
  const read = (value: unknown, issues: SchemaIssue[]): Output | undefined =>
    fits(value) ? value as Output : fail(issues, must);
  return create(must, options, read, () => json);
}

/**
 * Creates a schema.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const any = create("Must be", {}, (value) => value, () => ({}));
 *
 * assertEquals(any["~standard"].validate(1), { value: 1 });
 * ```
 *
 * @param must What a value must be, for messages.
 * @param read Returns the validated value, or adds validation errors.
 * @param write Writes JSON Schema, without what all schemas have.
 */
export function create<Output, O extends Options<Output>>(
  must: string,
  options: O,
  read: Schema<Output>["read"],
  write: Schema<Output>["write"],
): Schema<Output, Defaulted<Output, O>> {
  const { description, default: preset, examples } = options;
  const shared = {
    ...(description !== undefined && { description }),
    ...(preset !== undefined && { default: preset }),
    ...(examples !== undefined && { examples }),
  };
  const writer = (side: Side): JsonSchemaWriter => ({ target }) => {
    if (target === TARGET.target) return { ...write(side), ...shared };
    throw new TypeError(
      `Cannot write JSON Schema "${target}": use "${TARGET.target}"`,
    );
  };

  function validate(value: unknown): SchemaResult<Output> {
    const issues: SchemaIssue[] = [];
    const output = read(value, issues);
    return issues.length > 0 ? { issues } : { value: output as Output };
  }

  const jsonSchema = { input: writer("input"), output: writer("output") };
  const standard = {
    version: 1,
    vendor: "schema",
    validate,
    jsonSchema,
  } as const;
  return { must, options, read, write, "~standard": standard };
}
