import { assertEquals, assertThrows } from "@std/assert";
import { object, string } from "../../../http/schema.ts";
import { resource } from "../../../routes/resource/declaration.ts";
import { tasks } from "../../../routes/tasks.ts";

const text = string({ min: 1, max: 500 });

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

Deno.test("resource() rejects a schema that is no object", () => {
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
