import { assertEquals } from "@std/assert";
import { boolean, nullable, object, oneOf, string } from "../../http/schema.ts";
import { resource } from "../../routes/resource.ts";
import { openApp } from "../app.ts";
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

Deno.test("GET of a list responds with one item where that alone has more than 64 kB", async () => {
  const notes = resource({
    name: "notes",
    title: "Note",
    description: "Long texts.",
    schema: object({ text: string() }),
  });
  await using app = await openApp({ bodyLimit: 100_000 }, [notes]);
  // 40 kB in the store, 80 kB as JSON.
  for (const text of ['"'.repeat(40_000), "short"]) {
    await (await app.send("POST", "/notes", { text })).body?.cancel();
  }

  const lengths: number[] = [];
  for (let next = "/notes"; next !== null;) {
    const page = await (await app.fetch(next)).json();
    lengths.push(page.items.length);
    next = page.next;
  }

  assertEquals(lengths, [1, 1]);
});
