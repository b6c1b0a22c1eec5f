import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import {
  array,
  boolean,
  date,
  dateTime,
  type Infer,
  type InferInput,
  integer,
  nullable,
  number,
  object,
  oneOf,
  type Schema,
  string,
} from "../../http/schema.ts";
import { tasks } from "../../routes/tasks.ts";
import { fits } from "../json_schema.ts";
import { mulberry32 } from "../task_bodies.ts";

type Any = Schema<unknown, unknown>;

/** The value that comes out, or the messages with their places. */
function read(schema: Any, value: unknown): unknown {
  const result = schema["~standard"].validate(value);
  assert(!(result instanceof Promise));
  if (result.issues === undefined) return { value: result.value };
  return result.issues.map(({ message, path }) =>
    path === undefined ? message : `${path.join(".")}: ${message}`
  );
}

const TEXT = "Must not contain NUL or half of a surrogate pair";
const UP_TO_3 = "Must be a string of up to 3 characters";
const DATE = "Must be a date that exists, such as 2026-02-28";
const TIME = "Must be a time that exists, such as 2026-02-28T08:15:00Z";
const RANGE = "Must be a whole number from 1 to 9";
const WHOLE = "Must be a whole number";

const VALID: [schema: Any, value: unknown, output?: unknown][] = [
  [string(), ""],
  [string({ max: 3 }), "👩👩👩"],
  [string({ min: 2 }), "👩👩"],
  [string({ trim: true, max: 3 }), " \ufeffabc\n", "abc"],
  [string({ trim: true }), "   ", ""],
  [string({ pattern: /^[a-z]+$/ }), "abc"],
  [string({ pattern: /a/g }), "a"],
  [string({ format: "email" }), "kim@example.com"],
  [string({ format: "uuid" }), "4f1c2d0a-8a4e-4c38-9d2b-6a1d3f0e7b55"],
  [number(), -1.5],
  [number({ min: 0, max: 0 }), 0],
  [integer({ min: 1, max: 9 }), 9],
  [boolean(), false],
  [date(), "2028-02-29"],
  [date(), "0001-01-01"],
  [dateTime(), "2026-02-28T08:15:00Z"],
  [dateTime(), "2026-02-28T23:59:59.123456789+14:00"],
  [oneOf(["low", "high"]), "low"],
  [nullable(string()), null],
  [nullable(nullable(string())), "a"],
  [array(integer()), []],
  [array(array(boolean())), [[true], []]],
  [object({}), {}],
  [object({ a: string({ default: "x" }) }), {}, { a: "x" }],
  [object({ a: nullable(date(), { default: null }) }), {}, { a: null }],
  // In the order of the declaration.
  [object({ a: string(), b: string() }), { b: "1", a: "2" }, {
    a: "2",
    b: "1",
  }],
  [object({ a: object({ b: array(string()) }) }), { a: { b: ["c"] } }],
];

for (const [schema, value, output = value] of VALID) {
  Deno.test(`${schema.must.slice(8)}: ${JSON.stringify(value)} is valid`, () => {
    const before = structuredClone(value);

    const result = read(schema, value) as { value: unknown };

    assertEquals(result, { value: output });
    assertEquals(JSON.stringify(result.value), JSON.stringify(output));
    assertEquals(value, before);
  });
}

const INVALID: [schema: Any, value: unknown, ...errors: string[]][] = [
  [string({ max: 3 }), 1, UP_TO_3],
  [string({ max: 3 }), "abcd", UP_TO_3],
  [string({ max: 3 }), "👩".repeat(4), UP_TO_3],
  [string({ max: 3 }), "x".repeat(100_000), UP_TO_3],
  [string({ min: 2 }), "👩", "Must be a string of at least 2 characters"],
  [
    string({ trim: true, min: 1, max: 9 }),
    " \n ",
    "Must be a string of 1 to 9 characters",
  ],
  [string(), "\0", TEXT],
  [string(), "\ud800", TEXT],
  [string(), "\udc00\ud800", TEXT],
  [string({ pattern: /^a$/ }), "b", "Must be a string that matches ^a$"],
  [
    string({ format: "email" }),
    "kim",
    "Must be an e-mail address, such as kim@example.com",
  ],
  [string({ format: "uuid" }), "4f1c", "Must be a UUID in lower case"],
  [number(), "1", "Must be a number"],
  [number(), NaN, "Must be a number"],
  [number({ max: 1 }), 2, "Must be a number to 1"],
  [integer({ min: 1, max: 9 }), 0, RANGE],
  [integer({ min: 1, max: 9 }), 1.5, RANGE],
  [integer({ min: 1, max: 9 }), "1", RANGE],
  [integer(), 2 ** 53, WHOLE],
  [boolean(), 0, "Must be true or false"],
  [date(), "2026-02-30", DATE],
  [date(), "0000-01-01", DATE],
  [date(), "12026-01-01", DATE],
  [date(), "2026-1-1", DATE],
  [date(), "2026-01-01\n", DATE],
  [dateTime(), "2026-02-30T08:15:00Z", TIME],
  [dateTime(), "2026-02-28T24:00:00Z", TIME],
  [dateTime(), "2026-02-28T08:15:00", TIME],
  [oneOf(["one"]), "two", 'Must be "one"'],
  [oneOf(["a", "b"]), "c", 'Must be "a" or "b"'],
  [nullable(oneOf(["a", "b"])), "c", 'Must be null or "a" or "b"'],
  [nullable(boolean()), 1, "Must be null or true or false"],
  [nullable(object({ a: boolean() })), { a: 1 }, "a: Must be true or false"],
  [nullable(string()), "\0", TEXT],
  [array(boolean(), { min: 1, max: 2 }), [], "Must be a list of 1 to 2 items"],
  [array(boolean()), {}, "Must be a list of 0 items or more"],
  [
    array(boolean()),
    [1, true, 2],
    "0: Must be true or false",
    "2: Must be true or false",
  ],
  [object({}), [], "Must be a JSON object"],
  [object({}), null, "Must be a JSON object"],
  [object({ a: boolean() }), {}, "a: Required"],
  [object({ a: boolean() }), { a: undefined }, "a: Must be true or false"],
  [
    object({ a: boolean(), b: object({ c: boolean() }) }),
    { x: 1, b: { d: 1 } },
    "a: Required",
    "x: Unknown field",
    "b.c: Required",
    "b.d: Unknown field",
  ],
  [object({}), JSON.parse('{"__proto__":1}'), "__proto__: Unknown field"],
  [object({}), { constructor: 1 }, "constructor: Unknown field"],
];

for (const [schema, value, ...errors] of INVALID) {
  const shown = JSON.stringify(value)?.slice(0, 40);

  Deno.test(`${schema.must.slice(8)}: ${shown} is not valid`, () => {
    assertEquals(read(schema, value), errors);
  });
}

Deno.test("a body with thousands of errors gets a hundred", () => {
  const body = Object.fromEntries(
    Array.from({ length: 5000 }, (_, index) => [`m${index}`, 0]),
  );

  const unknown = read(object({}), body) as string[];
  const items = read(array(boolean()), Array(5000).fill(0)) as string[];

  assertEquals([unknown.length, items.length], [100, 100]);
});

Deno.test("objects in a list get a hundred errors together", () => {
  const field = boolean();
  const names = Array.from({ length: 60 }, (_, index) => `m${index}`);
  const schema = object(Object.fromEntries(names.map((name) => [name, field])));

  assertEquals((read(array(schema), [{}, {}, {}]) as string[]).length, 100);
});

Deno.test("no two results share a default", () => {
  const schema = object({ tags: array(string(), { default: [] }) });
  const { validate } = schema["~standard"];
  const first = validate({}) as { value: { tags: string[] } };

  first.value.tags.push("a");

  assertEquals(validate({}), { value: { tags: [] } });
});

Deno.test("the default of a schema in nullable() does not count", () => {
  const schema = object({ a: nullable(date({ default: "2026-02-28" })) });
  // @ts-expect-error: a is required.
  const input: InferInput<typeof schema> = {};

  assertEquals(read(schema, input), ["a: Required"]);
});

Deno.test("a __proto__ member pollutes nothing", () => {
  const body = JSON.parse('{"a":"x","__proto__":{"done":true}}');

  read(object({ a: string() }), body);

  assertEquals(({} as Record<string, unknown>)["done"], undefined);
});

Deno.test("types are inferred", () => {
  const schema = object({
    title: string(),
    dueOn: nullable(date(), { default: null }),
    tags: array(oneOf(["a", "b"]), { default: [] }),
  });
  const input: InferInput<typeof schema> = { title: "Write" };
  const output: Infer<typeof schema> = { title: "", dueOn: null, tags: ["a"] };

  // @ts-expect-error: title is required.
  const untitled: InferInput<typeof schema> = {};
  // @ts-expect-error: what comes out has every field.
  const partial: Infer<typeof schema> = { title: "" };
  // @ts-expect-error: not one of the values.
  const wrong: Infer<typeof schema> = { ...output, tags: ["c"] };
  // @ts-expect-error: the default must be one of the values.
  oneOf(["a", "b"], { default: "c" });

  assertEquals([input, untitled, partial, wrong].length, 4);
});

Deno.test("jsonSchema writes the input and the output", () => {
  const schema = object({
    a: string({ description: "A.", examples: ["x"] }),
    b: oneOf(["c", "d"], { default: "c" }),
  });
  const { input, output } = schema["~standard"].jsonSchema;
  const options = { target: "draft-2020-12" };

  assertEquals(input(options)["required"], ["a"]);
  assertEquals(output(options)["required"], ["a", "b"]);
  assertEquals(
    (input(options)["properties"] as Record<string, unknown>)["b"],
    { type: "string", enum: ["c", "d"], default: "c" },
  );
  assertThrows(
    () => input({ target: "draft-04" }),
    TypeError,
    'Cannot write JSON Schema "draft-04": use "draft-2020-12"',
  );
});

// The same values go through the validator and through its own JSON Schema, which
// another validator reads: one accepts what the other accepts.

const SEED = 20_260_228;
const random = mulberry32(SEED);
const pick = <T>(values: readonly T[]): T =>
  values[Math.floor(random() * values.length)]!;
const chance = (part: number): boolean => random() < part;

const KINDS: ((depth: number) => Any)[] = [
  () => string(),
  () => string({ min: pick([0, 1, 2, 3]), max: pick([3, 4, 9]) }),
  () => string({ trim: true, max: pick([1, 2, 3]) }),
  () => string({ trim: true, min: pick([1, 2, 3]), max: pick([3, 4]) }),
  () => string({ trim: true, min: pick([1, 2, 3]) }),
  () => string({ pattern: pick([/^a/, /[b-d]+/, /é|👩/]) }),
  () => string({ format: pick(["email", "uuid"] as const) }),
  () => number({ min: pick([-1, 0]), max: pick([1, 2.5]) }),
  () => integer({ min: pick([-1, 0]), max: pick([1, 3]) }),
  () => integer(),
  () => boolean({ default: true }),
  () => date(),
  () => dateTime(),
  () => oneOf(["a", "é", "👩"]),
  (depth) => nullable(anySchema(depth + 1)),
  (depth) => array(anySchema(depth + 1), { min: pick([0, 1]), max: 3 }),
  (depth) => anyObject(depth + 1),
];

function anySchema(depth: number): Any {
  return depth > 2 ? pick(KINDS.slice(0, 14))(depth) : pick(KINDS)(depth);
}

function anyObject(depth: number): Any {
  const names = ["a", "b", "c"].slice(0, pick([1, 2, 3]));
  return object(
    Object.fromEntries(names.map((name) => [name, anySchema(depth)])),
  );
}

const TEXTS = [
  "",
  " ",
  "a",
  "ab",
  " a ",
  "abc",
  "abcd",
  "👩",
  "👩👩",
  " 👩👩👩 ",
  "é\n",
  "\0",
  "\ud800",
  "a\udfff",
  "\ufeff",
  "\u200b",
  "2026-02-28",
  "2026-02-30",
  "0000-01-01",
  "2026-02-28T08:15:00Z",
  "2026-02-28T25:15:00Z",
  "kim@example.com",
  "4f1c2d0a-8a4e-4c38-9d2b-6a1d3f0e7b55",
];
const OTHERS = [null, true, false, 0, 1, -1, 2.5, 3, 2 ** 53, 1e300];

/** A value that may fit: it follows the shape of the schema, mostly. */
function anyValue(shape: Record<string, unknown>): unknown {
  if (chance(0.08)) return pick([...OTHERS, [], {}]);
  const { type, properties, items, enum: values } = shape;
  const [first] = [type].flat();
  if (Array.isArray(type) && chance(0.3)) return null;
  if (values !== undefined && chance(0.7)) return pick(values as unknown[]);
  if (first === "object") {
    const entries = Object.entries(properties as Record<string, typeof shape>)
      .filter(() => chance(0.93))
      .map(([name, property]) => [name, anyValue(property)]);
    if (chance(0.05)) entries.push([pick(["x", "__proto__", "toString"]), 1]);
    return Object.fromEntries(entries);
  }
  if (first === "array") {
    return Array.from(
      { length: pick([0, 1, 2, 3, 4]) },
      () => anyValue(items as typeof shape),
    );
  }
  return first === "string" ? pick(TEXTS) : pick(OTHERS);
}

Deno.test("a schema and its JSON Schema accept the same values", () => {
  const accepted = { true: 0, false: 0 };
  const options = { target: "draft-2020-12" };
  for (let round = 0; round < 1500; round++) {
    const schema = round % 10 === 0 ? tasks.schema as Any : anyObject(0);
    const json = schema["~standard"].jsonSchema.input(options);
    for (let count = 0; count < 15; count++) {
      const value = anyValue(json);
      const isValid = !Array.isArray(read(schema, value));
      assertEquals(
        fits({}, json, value),
        isValid,
        `${JSON.stringify(value)} for ${JSON.stringify(json)}`,
      );
      accepted[`${isValid}`]++;
    }
  }
  assertGreater(accepted.true, 1000);
  assertGreater(accepted.false, 1000);
});

Deno.test("what comes out of a schema fits its output, and goes in again", () => {
  const options = { target: "draft-2020-12" };
  let count = 0;
  for (let round = 0; round < 3000; round++) {
    const schema = anyObject(0);
    const { input, output } = schema["~standard"].jsonSchema;
    const result = read(schema, anyValue(input(options)));
    if (Array.isArray(result)) continue;
    const { value } = result as { value: unknown };
    assert(fits({}, output(options), value), JSON.stringify(value));
    assertEquals(read(schema, value), { value });
    count++;
  }
  assertGreater(count, 300);
});
