/**
 * Schemas of values that are returned as they are.
 *
 * @module
 */

import {
  type Defaulted,
  type Options,
  type RangeOptions,
  Schema,
} from "./schema.ts";

/** Creates schemas of one type. */
export type Factory<Output, Accepted = Options<Output>> = <
  const O extends Accepted & Options<Output>,
>(options?: O) => Schema<Output, Defaulted<Output, O>>;

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
export const boolean: Factory<boolean> = scalar(
  "Must be true or false",
  (value) => typeof value === "boolean",
  { type: "boolean" },
);

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
  // British: no comma before "or".
  const list = new Intl.ListFormat("en-GB", { type: "disjunction" });
  const must = `Must be ${list.format(values.map((value) => `"${value}"`))}`;
  const isOne = (value: unknown): boolean => values.includes(value as Value);
  return scalar<Value>(must, isOne, { type: "string", enum: values })(options);
}

const FULL_DATE = String.raw`(?!0000)\d{4}-\d\d-\d\d`;
const HOUR = String.raw`(?:[01]\d|2[0-3]):[0-5]\d`;
const DATE = new RegExp(`^${FULL_DATE}$`);
const DATE_TIME = new RegExp(
  String.raw`^${FULL_DATE}T${HOUR}:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-]${HOUR})$`,
);

/**
 * Accepts a calendar date that exists, `YYYY-MM-DD` (RFC 3339, 5.6), of the years
 * 0001 to 9999: several languages have no year 0.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(date()["~standard"].validate("2026-02-30"), {
 *   issues: [{ message: "Must be a date that exists, such as 2026-02-28" }],
 * });
 * ```
 */
export const date: Factory<string> = scalar(
  "Must be a date that exists, such as 2026-02-28",
  (value) => isDate(value, DATE),
  { type: "string", format: "date", pattern: DATE.source },
);

/**
 * Accepts a date and a time with `Z` or an offset (RFC 3339, 5.6), and keeps it as it
 * was sent.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const value = "2026-02-28T08:15:00+01:00";
 *
 * assertEquals(dateTime()["~standard"].validate(value), { value });
 * ```
 */
export const dateTime: Factory<string> = scalar(
  "Must be a time that exists, such as 2026-02-28T08:15:00Z",
  (value) => isDate(value, DATE_TIME),
  { type: "string", format: "date-time", pattern: DATE_TIME.source },
);

// By the calendar, not with Date, which takes seven times as long.
function isDate(value: unknown, form: RegExp): boolean {
  if (typeof value !== "string" || !form.test(value)) return false;
  const year = Number(value.slice(0, 4));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const day = Number(value.slice(8, 10));
  return day >= 1 && day <= (days[Number(value.slice(5, 7)) - 1] ?? 0);
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
export const number: Factory<number, RangeOptions<number>> = numeric(
  "number",
  "a number",
  Infinity,
);

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
export const integer: Factory<number, RangeOptions<number>> = numeric(
  "integer",
  "a whole number",
  Number.MAX_SAFE_INTEGER,
);

function numeric(
  type: "number" | "integer",
  what: string,
  limit: number,
): Factory<number, RangeOptions<number>> {
  const isOne = type === "number" ? Number.isFinite : Number.isInteger;
  return (options = {} as never) => {
    const { min = -limit, max = limit } = options;
    const from = min > -limit ? ` from ${min}` : "";
    const to = max < limit ? ` to ${max}` : "";
    return scalar<number>(
      `Must be ${what}${from}${to}`,
      (value) => isOne(value) && min <= Number(value) && Number(value) <= max,
      {
        type,
        ...(min > -Infinity && { minimum: min }),
        ...(max < Infinity && { maximum: max }),
      },
    )(options);
  };
}

function scalar<Output>(
  must: string,
  fits: (value: unknown) => boolean,
  json: Record<string, unknown>,
): Factory<Output> {
  const parse = (value: unknown): Output | undefined =>
    fits(value) ? value as Output : undefined;
  return (options = {} as never) =>
    new Schema(must, options, parse, () => json);
}
