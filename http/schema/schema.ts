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

/** Standard Schema v1 and Standard JSON Schema v1, as far as they are used here. */
export interface StandardSchema<Input = unknown, Output = Input> {
  /** The properties of both standards. */
  readonly "~standard": {
    readonly version: 1;
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
    readonly jsonSchema: Readonly<
      Record<Side, (version: { target: string }) => Record<string, unknown>>
    >;
  };
}

/** What a schema accepts, or what it returns. */
export type Side = "input" | "output";

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

/** Options of schemas with a range. */
export interface RangeOptions<Output> extends Options<Output> {
  /** Least value, or number of items or characters. */
  readonly min?: number;
  /** Greatest value, or number of items or characters. */
  readonly max?: number;
}

/** What a schema accepts: `undefined` too where its options have a default. */
export type Defaulted<Input, O> = O extends { readonly default: unknown }
  ? Input | undefined
  : Input;

/**
 * A schema of this module. `Input` has `undefined` where there is a default.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const even = new Schema(
 *   "Must be even",
 *   {},
 *   (value) => Number(value) % 2 === 0 ? value : undefined,
 *   () => ({ type: "number", multipleOf: 2 }),
 * );
 *
 * assertEquals(even["~standard"].validate(1), {
 *   issues: [{ message: "Must be even" }],
 * });
 * ```
 */
export class Schema<Output, Input = Output>
  implements StandardSchema<Input, Output> {
  /** The properties of both standards. */
  readonly "~standard": StandardSchema<Input, Output>["~standard"] = {
    version: 1,
    vendor: "schema",
    validate: (value) => {
      const issues: SchemaIssue[] = [];
      const output = this.read(value, issues);
      return issues.length > 0 ? { issues } : { value: output as Output };
    },
    jsonSchema: {
      input: ({ target }) => this.write("input", target),
      output: ({ target }) => this.write("output", target),
    },
  };

  /**
   * Creates a schema.
   *
   * @param must What a value must be: "Must be …".
   * @param parse Returns the value, or `undefined`. Adds the errors within it.
   * @param json Writes JSON Schema, without what the options say.
   */
  constructor(
    readonly must: string,
    readonly options: Options<Output>,
    readonly parse: (v: unknown, issues: SchemaIssue[]) => Output | undefined,
    readonly json: (side: Side) => Record<string, unknown>,
  ) {}

  /** Validates a value at `key` of another one, and adds all errors. */
  read(
    value: unknown,
    issues: SchemaIssue[],
    key?: PropertyKey,
  ): Output | undefined {
    let { length } = issues;
    const output = this.parse(value, issues);
    if (output === undefined) issues.push({ message: this.must });
    for (; key !== undefined && length < issues.length; length++) {
      const { message, path = [] } = issues[length]!;
      issues[length] = { message, path: [key, ...path] };
    }
    return output;
  }

  /** Writes JSON Schema. */
  write(side: Side, target = "draft-2020-12"): Record<string, unknown> {
    if (target !== "draft-2020-12") {
      throw new TypeError(
        `Cannot write JSON Schema "${target}": use "draft-2020-12"`,
      );
    }
    const { description, default: preset, examples } = this.options;
    return {
      ...this.json(side),
      ...(description !== undefined && { description }),
      ...(preset !== undefined && { default: preset }),
      ...(examples !== undefined && { examples }),
    };
  }
}
