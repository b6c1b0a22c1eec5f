import { assertEquals, assertStringIncludes } from "@std/assert";
import { diagnose } from "../../../server/doctor.ts";

Deno.test("diagnose() says why the store cannot be opened", async () => {
  const file = await Deno.makeTempFile();
  await Deno.writeTextFile(file, "This is a text, and no database at all");
  const env = new Map([["KV_PATH", file], ["PORT", "0"]]);

  const findings = await diagnose({ env: (name) => env.get(name), file: {} });
  const store = findings.find(({ name }) => name === "store");

  assertEquals(store?.level, "wrong");
  assertStringIncludes(store!.text, file);
  await Deno.remove(file);
});
