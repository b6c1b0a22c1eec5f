import { assertEquals, assertThrows } from "@std/assert";
import { object, oneOf, string } from "../../../http/schema.ts";

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
