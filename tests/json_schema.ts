type Schema = Record<string, unknown>;
type Check = (expected: never, value: never, context: Context) => boolean;

interface Context {
  readonly schema: Schema;
  readonly root: unknown;
}

/** Finds what a JSON Pointer in a URI fragment points at: `#/components/…`. */
export function resolve(root: unknown, pointer: string): Schema {
  return pointer.split("/").slice(1).reduce<unknown>((node, key) => {
    if (!isObject(node) || !Object.hasOwn(node, key)) {
      throw new Error(`Nothing is at "${pointer}"`);
    }
    return node[key];
  }, root) as Schema;
}

/**
 * Returns whether a value fits a schema. It knows the keywords that our own schemas
 * use, and throws at any other, so that none is passed over.
 */
export function fits(root: unknown, schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, expected]) => {
    if (NOTES.has(keyword)) return true;
    const check = KEYWORDS[keyword];
    if (check === undefined) throw new Error(`Unknown keyword "${keyword}"`);
    return check(expected as never, value as never, { schema, root });
  });
}

// What is in a string is a note, too: JSON Schema validates no content.
const NOTES = new Set([
  "description",
  "default",
  "examples",
  "contentMediaType",
  "contentSchema",
]);

const KEYWORDS: Record<string, Check> = {
  $ref: (pointer: string, value, { root }) =>
    fits(root, resolve(root, pointer), value),
  type: (types: string | string[], value: unknown) =>
    [types].flat().some((type) => isType(type, value)),
  enum: (values: unknown[], value: unknown) => values.includes(value),
  const: (wanted: unknown, value: unknown) => wanted === value,
  minimum: (min: number, value: unknown) =>
    typeof value !== "number" || value >= min,
  maximum: (max: number, value: unknown) =>
    typeof value !== "number" || value <= max,
  minLength: (min: number, value: unknown) =>
    typeof value !== "string" || [...value].length >= min,
  maxLength: (max: number, value: unknown) =>
    typeof value !== "string" || [...value].length <= max,
  pattern: (pattern: string, value: unknown) =>
    typeof value !== "string" || matches(pattern, value),
  allOf: (schemas: Schema[], value, { root }) =>
    schemas.every((schema) => fits(root, schema, value)),
  anyOf: (schemas: Schema[], value, { root }) =>
    schemas.some((schema) => fits(root, schema, value)),
  minItems: (min: number, value: unknown) =>
    !Array.isArray(value) || value.length >= min,
  maxItems: (max: number, value: unknown) =>
    !Array.isArray(value) || value.length <= max,
  format: (format: string, value: unknown) =>
    typeof value !== "string" || FORMATS[format]!(value),
  items: (schema: Schema, value: unknown, { root }) =>
    !Array.isArray(value) || value.every((item) => fits(root, schema, item)),
  required: (names: string[], value: unknown) =>
    !isObject(value) || names.every((name) => Object.hasOwn(value, name)),
  properties: (schemas: Record<string, Schema>, value: unknown, { root }) =>
    !isObject(value) ||
    Object.entries(schemas).every(([name, schema]) =>
      !Object.hasOwn(value, name) || fits(root, schema, value[name])
    ),
  additionalProperties: (rest: false | Schema, value: unknown, context) =>
    !isObject(value) ||
    Object.keys(value)
      .filter((name) =>
        !Object.hasOwn(context.schema["properties"] ?? {}, name)
      )
      .every((name) => rest !== false && fits(context.root, rest, value[name])),
};

/** Generated clients read patterns with the flag `u` or without: both must agree. */
function matches(pattern: string, value: string): boolean {
  const [unicode, plain] = ["u", ""].map((flags) =>
    new RegExp(pattern, flags).test(value)
  );
  if (unicode !== plain) throw new Error(`"${pattern}" depends on the flag u`);
  return unicode!;
}

const FORMATS: Record<string, (value: string) => boolean> = {
  "date": isDate,
  "date-time": (value) =>
    isDate(value.slice(0, 10)) && !Number.isNaN(Date.parse(value)),
  // A pattern beside it says the same.
  "email": () => true,
  "uuid": () => true,
  "uri-reference": (value) => URL.canParse(value, "http://localhost"),
};

/** By the calendar's own rules, not as the parser does it. */
function isDate(value: string): boolean {
  const [year, month, day] = value.split("-").map(Number) as [
    number,
    number,
    number,
  ];
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day >= 1 && day <= (days[month - 1] ?? 0);
}

function isType(type: string, value: unknown): boolean {
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isObject(value);
  if (type === "integer") return Number.isInteger(value);
  const actual = typeof value;
  return actual === type;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
