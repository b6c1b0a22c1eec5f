import { assertEquals } from "@std/assert";
import { nullable, number, object, string } from "../../../http/schema.ts";
import { describeResource } from "../../../routes/docs/resource_operations.ts";
import { resource } from "../../../routes/resource.ts";

Deno.test("describeResource() has a parameter for each filter and the order, without examples", () => {
  const { list } = describeResource(resource({
    name: "notes",
    title: "Note",
    description: "Short texts.",
    schema: object({
      color: string({ default: "red" }),
      rank: nullable(number({ examples: [1] })),
    }),
    indexes: ["color", "rank"],
  }));

  const own = list.parameters!.filter((one) => typeof one === "object")
    .map((one) => one as { name: string; description: string; schema: object });
  assertEquals(own.map(({ name, description }) => [name, description]), [
    ["color", "Only items whose `color` is equal to this."],
    ["rank", "Only items whose `rank` is equal to this."],
    ["rankFrom", "Only items whose `rank` is at least this."],
    ["rankTo", "Only items whose `rank` is at most this."],
    [
      "sort",
      "The order, with `-` from the last value to the first. Items without a value come last. Default: newest first, or the order of a range.",
    ],
  ]);
  assertEquals(own.at(-1)!.schema, { type: "string", enum: ["rank", "-rank"] });
  assertEquals(own.some(({ schema }) => "examples" in schema), false);
});
