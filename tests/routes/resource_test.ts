import { assertEquals, assertThrows } from "@std/assert";
import { boolean, nullable, object, oneOf, string } from "../../http/schema.ts";
import { resource } from "../../routes/resource.ts";
import { tasks } from "../../routes/tasks.ts";
import { testResource } from "./resource_contract.ts";

const text = string({ min: 1, max: 500 });

testResource("this template", {
  resource: resource({
    name: "notes",
    title: "Note",
    description: "Short texts.",
    schema: object({
      text,
      color: nullable(oneOf(["red", "blue"]), { default: null }),
      pinned: boolean({ default: false }),
    }),
    indexes: ["pinned"],
  }),
  least: { text: "Hello" },
  fields: { text: "Hello", color: null, pinned: false },
  patch: { text: "Bye", color: "red", pinned: true },
  required: "text",
  preset: "pinned",
  invalid: [
    [{}, "#/text"],
    [{ text: "" }, "#/text"],
    [{ text: "a", size: 1 }, "#/size"],
    [[], "#"],
  ],
});

const WRONG = {
  name: "Bad notes",
  title: "Note",
  description: "",
  schema: object({ id: text, limit: text, parts: object({ a: text }) }),
  indexes: ["limit", "parts", "nope"] as never[],
};

Deno.test("resource() reports every mistake of a declaration", () => {
  assertThrows(
    () => resource(WRONG),
    TypeError,
    `Cannot declare the resource "Bad notes":
  name must be lower-case letters, digits and hyphens
  schema has "id": the store sets it
  indexes has "limit": a parameter has this name
  indexes has "parts": use a string, number or boolean
  indexes has "nope": use a field of the schema`,
  );
});

Deno.test("resource() refuses a schema that is no object", () => {
  const declaration = { ...WRONG, name: "notes", indexes: [] };

  assertThrows(
    () => resource({ ...declaration, schema: text as never }),
    TypeError,
    "schema must be an object with fields",
  );
});

Deno.test("resource() reads the defaults from the schema", () => {
  assertEquals(tasks.defaults, {
    description: "",
    priority: "medium",
    done: false,
    dueOn: null,
  });
});
