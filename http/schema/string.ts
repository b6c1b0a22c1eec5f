/**
 * A schema of strings.
 *
 * @module
 */

import {
  create,
  type Defaulted,
  fail,
  type Options,
  type Schema,
  type SchemaIssue,
} from "./create.ts";

/** Options of {@linkcode string}. A character is a code point. */
export interface StringOptions extends Options<string> {
  /** Number of characters, at least. */
  readonly min?: number;
  /** Number of characters, at most. */
  readonly max?: number;
  /** Removes white space at both ends, before anything is checked. */
  readonly trim?: boolean;
  /** What the string must match. */
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
    return form && text.search(form) === -1 ? fail(issues, must) : text;
  }

  return create(must, options, read, () => ({
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

/** A character is one or two UTF-16 units, so most lengths need no counting. */
function hasLength(text: string, min: number, max: number): boolean {
  const units = text.length;
  if (units < min || units > 2 * max) return false;
  if (units <= max && units >= 2 * min - 1) return true;
  const { length } = [...text];
  return length >= min && length <= max;
}

/** Matches white space around `min` to `max` characters. */
function trimmedPattern(min: number, max: number): string {
  const most = max === Infinity ? "" : max - 2;
  const inner = `${CHARACTER}{${Math.max(0, min - 2)},${most}}`;
  const rest = `(?:${inner}${VISIBLE})${min < 2 ? "?" : ""}`;
  const text = max === 1 ? VISIBLE : VISIBLE + rest;
  return String.raw`^\s*${min === 0 ? `(?:${text})?` : text}\s*$`;
}
