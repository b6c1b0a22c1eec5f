import { assert, assertEquals } from "@std/assert";
import * as schemas from "../../../http/schema.ts";
import { exampleOf } from "../../../routes/docs/example_of.ts";
import { fits } from "../../json_schema.ts";

const { array, boolean, date, dateTime, integer, nullable, object } = schemas;
const { number, oneOf, string } = schemas;

const KINDS = {
  text: string({ min: 6, max: 9 }),
  trimmed: string({ trim: true, min: 1, max: 3, examples: ["abc"] }),
  email: string({ format: "email" }),
  uuid: string({ format: "uuid" }),
  count: integer({ min: 3 }),
  price: number(),
  done: boolean(),
  day: date(),
  time: dateTime(),
  level: oneOf(["low", "high"]),
  maybe: nullable(date()),
  list: array(integer({ max: 1 }), { min: 2 }),
  parts: object({ a: boolean({ default: true }) }),
};

Deno.test("exampleOf() makes a value that fits, of every kind of schema", () => {
  const { jsonSchema } = object(KINDS)["~standard"];
  const json = jsonSchema.input({ target: "draft-2020-12" });

  assert(fits({}, json, exampleOf(json)), JSON.stringify(exampleOf(json)));
});

Deno.test("exampleOf() takes the first example, then the default", () => {
  assertEquals(
    exampleOf({ type: "string", examples: ["a"], default: "b" }),
    "a",
  );
  assertEquals(exampleOf({ type: "string", default: "b" }), "b");
  assertEquals(exampleOf({ type: ["string", "null"], default: null }), null);
  assertEquals(exampleOf({ anyOf: [{ const: 1 }, { type: "null" }] }), 1);
  assertEquals(exampleOf({}), null);
});
