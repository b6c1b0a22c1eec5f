/**
 * Schemas of numbers.
 *
 * @module
 */

import { type Defaulted, type Options, scalar, type Schema } from "./create.ts";

/** Options of {@linkcode number} and {@linkcode integer}. */
export interface NumberOptions extends Options<number> {
  /** Least value. */
  readonly min?: number;
  /** Greatest value. */
  readonly max?: number;
}

/**
 * Accepts a number.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(number({ min: 0 })["~standard"].validate(-1), {
 *   issues: [{ message: "Must be a number from 0" }],
 * });
 * ```
 */
export function number<const O extends NumberOptions>(
  options: O = {} as O,
): Schema<number, Defaulted<number, O>> {
  return numeric("number", "a number", Number.isFinite, options);
}

/**
 * Accepts a whole number, within what a double holds exactly (2^53 - 1).
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(integer({ min: 1, max: 9 })["~standard"].validate(1.5), {
 *   issues: [{ message: "Must be a whole number from 1 to 9" }],
 * });
 * ```
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
  const { min: minimum = -Infinity, max: maximum = Infinity } = options;
  const from = minimum > Number.MIN_SAFE_INTEGER ? ` from ${minimum}` : "";
  const to = maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : "";
  return scalar(
    `Must be ${what}${from}${to}`,
    (value) =>
      isOne(value) && value as number >= minimum && value as number <= maximum,
    {
      type,
      ...(minimum > -Infinity && { minimum }),
      ...(maximum < Infinity && { maximum }),
    },
    options,
  );
}
