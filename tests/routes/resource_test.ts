import { boolean, nullable, object, oneOf, string } from "../../http/schema.ts";
import { resource } from "../../routes/resource.ts";
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
