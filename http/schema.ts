// deno-lint-ignore-file
export interface SchemaIssue {
  readonly message: string;
  readonly path?:
    | readonly (PropertyKey | { readonly key: PropertyKey })[]
    | undefined;
}
export type SchemaResult<Output> = {
  readonly value: Output;
  readonly issues?: undefined;
} | { readonly issues: readonly SchemaIssue[] };
export interface StandardSchema<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly types?:
      | { readonly input: Input; readonly output: Output }
      | undefined;
    readonly validate: (
      value: unknown,
    ) => SchemaResult<Output> | Promise<SchemaResult<Output>>;
    readonly jsonSchema: {
      readonly input: (
        options: { readonly target: string },
      ) => Record<string, unknown>;
      readonly output: (
        options: { readonly target: string },
      ) => Record<string, unknown>;
    };
  };
}
export type Infer<S extends StandardSchema<any, any>> = NonNullable<
  S["~standard"]["types"]
>["output"];
declare const x: any;
export function string(o?: any): StandardSchema<string> {
  return x;
}
export function boolean(o?: any): StandardSchema<boolean> {
  return x;
}
export function date(o?: any): StandardSchema<string> {
  return x;
}
export function nullable<T>(
  s: StandardSchema<T>,
  o?: any,
): StandardSchema<T | null> {
  return x;
}
export function oneOf<const T extends string>(
  v: readonly T[],
  o?: any,
): StandardSchema<T> {
  return x;
}
export function object<F extends Record<string, StandardSchema<any, any>>>(
  f: F,
): StandardSchema<any, { [K in keyof F]: Infer<F[K]> }> {
  return x;
}
