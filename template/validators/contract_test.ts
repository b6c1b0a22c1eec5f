import type {
  StandardJSONSchemaV1,
  StandardSchemaV1,
} from "@standard-schema/spec";
import { assertEquals } from "@std/assert";
import { object, string } from "../../http/schema.ts";
import { resource } from "../../routes/resource.ts";
import { testResource } from "../../tests/routes/resource_contract.ts";
import { SCHEMAS } from "./schemas.ts";

for (const [library, schema] of Object.entries(SCHEMAS)) {
  testResource(library, {
    resource: resource({
      name: "notes",
      title: "Note",
      description: "Short texts.",
      schema,
      indexes: ["pinned", "color"],
    }),
    least: { text: "Hello" },
    fields: { text: "Hello", color: null, pinned: false },
    patch: { text: "Bye", color: "red", pinned: true },
    required: "text",
    preset: "pinned",
    invalid: [[{}, "#/text"], [{ text: "" }, "#/text"], [
      { text: 1 },
      "#/text",
    ]],
  });
}

Deno.test("http/schema.ts implements both standards", () => {
  const schema: StandardSchemaV1 & StandardJSONSchemaV1 = object({
    text: string(),
  });

  const { version, vendor } = schema["~standard"];

  assertEquals([version, vendor], [1, "schema"]);
});
