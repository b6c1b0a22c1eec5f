import { assert, assertEquals, assertGreater } from "@std/assert";
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
  string,
} from "../../http/schema.ts";
import { tasks } from "../../routes/tasks.ts";
import { fits } from "../json_schema.ts";
import { mulberry32 } from "../task_bodies.ts";
import { type AnySchema, read, testRows } from "./schema/_rows.ts";

const TEXT = "Must not contain NUL or half of a surrogate pair";

testRows([
  [boolean(), false],
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
], [
  [boolean(), 0, "Must be true or false"],
  [oneOf(["one"]), "two", 'Must be "one"'],
  [oneOf(["a", "b"]), "c", 'Must be "a" or "b"'],
  [nullable(oneOf(["a", "b"])), "c", 'Must be null or "a" or "b"'],
  [nullable(boolean()), 1, "Must be null or true or false"],
  [nullable(object({ a: boolean() })), { a: 1 }, "a: Must be true or false"],
  [nullable(object({ a: object({}) })), { a: 1 }, "a: Must be a JSON object"],
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
]);

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

// The same values go through the validator and through its own JSON Schema, which
// another validator reads: one accepts what the other accepts.

const SEED = 20_260_228;
const random = mulberry32(SEED);
const pick = <T>(values: readonly T[]): T =>
  values[Math.floor(random() * values.length)]!;
const chance = (part: number): boolean => random() < part;

const KINDS: ((depth: number) => AnySchema)[] = [
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

function anySchema(depth: number): AnySchema {
  return depth > 2 ? pick(KINDS.slice(0, 14))(depth) : pick(KINDS)(depth);
}

function anyObject(depth: number): AnySchema {
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
    const schema = round % 10 === 0 ? tasks.schema as AnySchema : anyObject(0);
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

Deno.test("nullable() of nullable() names null once", () => {
  const schema = nullable(nullable(oneOf(["a"])));

  const { type, enum: values } = schema["~standard"].jsonSchema.input({
    target: "draft-2020-12",
  });

  assertEquals([type, values], [["string", "null"], ["a", null]]);
});
