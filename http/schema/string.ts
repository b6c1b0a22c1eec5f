/**
 * A schema of strings.
 *
 * @module
 */

import {
  type Defaulted,
  type RangeOptions,
  Schema,
  type SchemaIssue,
} from "./schema.ts";

/** Options of {@linkcode string}. A character is a code point. */
export interface StringOptions extends RangeOptions<string> {
  /** Removes white space at both ends, before anything is checked. */
  readonly trim?: boolean;
  /**
   * What the string must match, without the flags i, m, s, v and y. With `trim`, JSON
   * Schema has it for a string without white space at its ends.
   */
  readonly pattern?: RegExp;
  /** A form that has a name. */
  readonly format?: "email" | "uuid";
}

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

// Read alike with and without the flag u, since generated clients use both.
const PAIR = String.raw`[\ud800-\udbff][\udc00-\udfff]`;
const CHARACTER = String.raw`(?:[^\u0000\ud800-\udfff]|${PAIR})`;
const VISIBLE = String.raw`(?:[^\s\u0000\ud800-\udfff]|${PAIR})`;

/**
 * Accepts a string. NUL and half of a surrogate pair are no characters.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { validate } = string({ trim: true, min: 1 })["~standard"];
 *
 * assertEquals(validate(" Write "), { value: "Write" });
 * ```
 *
 * @throws {TypeError} If the pattern has a flag that JSON Schema has not.
 */
export function string<const O extends StringOptions>(
  options: O = {} as O,
): Schema<string, Defaulted<string, O>> {
  const { min = 0, max = Infinity, trim = false, format } = options;
  const form = format ? FORMATS[format].form : options.pattern;
  if (form && /[imsvy]/.test(form.flags)) {
    throw new TypeError(
      `Cannot use ${form} as a pattern: JSON Schema has no such flags, write it without them`,
    );
  }
  const must = format ? FORMATS[format].must : mustBeText(min, max, form);

  function parse(value: unknown, issues: SchemaIssue[]): string | undefined {
    if (typeof value !== "string") return undefined;
    const text = trim ? value.trim() : value;
    // Most texts need no counting: a character is one or two UTF-16 units.
    const length = min < 2 && text.length <= max
      ? text.length
      : [...text.slice(0, 2 * max + 1)].length;
    if (length < min || length > max) return undefined;
    if (!text.isWellFormed() || text.includes("\0")) {
      issues.push({
        message: "Must not contain NUL or half of a surrogate pair",
      });
      return text;
    }
    return form && text.search(form) === -1 ? undefined : text;
  }

  return new Schema(must, options, parse, () => ({
    type: "string",
    ...(format && { format }),
    ...(min > 0 && { minLength: min }),
    ...(max < Infinity && !trim && { maxLength: max }),
    pattern: trim ? trimmedPattern(min, max) : `^${CHARACTER}*$`,
    ...(form && { allOf: [{ pattern: form.source }] }),
  }));
}

function mustBeText(min: number, max: number, form?: RegExp): string {
  const least = min > 0 ? ` of at least ${min} characters` : "";
  const both = `${min > 0 ? `${min} to` : "up to"} ${max} characters`;
  const length = max < Infinity ? ` of ${both}` : least;
  return `Must be a string${length}${
    form ? ` that matches ${form.source}` : ""
  }`;
}

/** Matches white space around `min` to `max` characters. */
function trimmedPattern(min: number, max: number): string {
  const ends = Math.min(min, 2);
  const most = max === Infinity ? "" : max - ends;
  const inner = `${CHARACTER}{${min - ends},${most}}`;
  const [first, last] = [ends > 0 ? VISIBLE : "", ends > 1 ? VISIBLE : ""];
  return String.raw`^\s*${first}${inner}${last}\s*$`;
}
