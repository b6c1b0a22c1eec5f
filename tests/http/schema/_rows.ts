import { assert, assertEquals } from "@std/assert";
import type { Schema } from "../../../http/schema.ts";

/** A schema of any type. */
export type AnySchema = Schema<unknown, unknown>;

/** Returns the value that a schema returns, or its messages with their places. */
export function read(schema: AnySchema, value: unknown): unknown {
  const result = schema["~standard"].validate(value);
  assert(!(result instanceof Promise));
  if (result.issues === undefined) return { value: result.value };
  return result.issues.map(({ message, path }) =>
    path === undefined ? message : `${path.join(".")}: ${message}`
  );
}

/** A schema, a value that it accepts, and what it returns if that is not the value. */
export type Valid = [schema: AnySchema, value: unknown, output?: unknown];

/** A schema, a value that it rejects, and the messages. */
export type Invalid = [schema: AnySchema, value: unknown, ...errors: string[]];

/** Registers a test for each row. */
export function testRows(
  valid: readonly Valid[],
  invalid: readonly Invalid[],
): void {
  for (const [schema, value, output = value] of valid) {
    Deno.test(`${schema.must.slice(8)}: ${shown(value)} is valid`, () => {
      const before = structuredClone(value);

      const result = read(schema, value) as { value: unknown };

      assertEquals(result, { value: output });
      // The order of fields is that of the declaration.
      assertEquals(JSON.stringify(result.value), JSON.stringify(output));
      assertEquals(value, before);
    });
  }
  for (const [schema, value, ...errors] of invalid) {
    Deno.test(`${schema.must.slice(8)}: ${shown(value)} is not valid`, () => {
      assertEquals(read(schema, value), errors);
    });
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 40);
}
