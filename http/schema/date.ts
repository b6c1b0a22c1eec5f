/**
 * Schemas of dates and times.
 *
 * @module
 */

import { type Defaulted, type Options, scalar, type Schema } from "./create.ts";

const DATE = String.raw`(?!0000)\d{4}-\d\d-\d\d`;
const TIME = String
  .raw`(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)`;
const DATE_FORM = new RegExp(`^${DATE}$`);
const DATE_TIME_FORM = new RegExp(`^${DATE}T${TIME}$`);

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
export function date<const O extends Options<string>>(
  options: O = {} as O,
): Schema<string, Defaulted<string, O>> {
  const must = "Must be a date that exists, such as 2026-02-28";
  const json = { type: "string", format: "date", pattern: DATE_FORM.source };
  return scalar(must, (value) => isDate(value, DATE_FORM), json, options);
}

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
export function dateTime<const O extends Options<string>>(
  options: O = {} as O,
): Schema<string, Defaulted<string, O>> {
  const must = "Must be a time that exists, such as 2026-02-28T08:15:00Z";
  const pattern = DATE_TIME_FORM.source;
  const json = { type: "string", format: "date-time", pattern };
  return scalar(must, (value) => isDate(value, DATE_TIME_FORM), json, options);
}

// By the calendar, not with Date, which takes seven times as long.
function isDate(value: unknown, form: RegExp): boolean {
  if (typeof value !== "string" || !form.test(value)) return false;
  const year = Number(value.slice(0, 4));
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const day = Number(value.slice(8, 10));
  return day >= 1 && day <= (days[Number(value.slice(5, 7)) - 1] ?? 0);
}
