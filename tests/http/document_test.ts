import { assertEquals, assertNotEquals } from "@std/assert";
import { createDocument, jsonDocument } from "../../http/document.ts";

Deno.test("createDocument() makes the document once, at the first request", async () => {
  let count = 0;
  const document = createDocument(() => ({
    body: `${++count}`,
    headers: { "Content-Language": "en" },
  }));
  assertEquals(count, 0);

  const responses = await Promise.all(
    [1, 2].map(() => document(new Request("http://localhost/"))),
  );

  for (const response of responses) {
    assertEquals(response.headers.get("Content-Language"), "en");
    assertEquals(await response.text(), "1");
  }
});

Deno.test("createDocument() gives other content another tag", async () => {
  const [one, same, other] = await Promise.all(
    [{ a: 1 }, { a: 1 }, { a: 2 }].map(async (value) => {
      const document = jsonDocument(() => value);
      const response = await document(new Request("http://localhost/"));
      await response.body?.cancel();
      return response.headers.get("ETag");
    }),
  );

  assertEquals(same, one);
  assertNotEquals(other, one);
});
