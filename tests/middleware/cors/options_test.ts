import { assertEquals } from "@std/assert";
import { readOptions } from "../../../middleware/cors/options.ts";

Deno.test("readOptions() reads each option once, and uses what it has checked", () => {
  const reads: string[] = [];
  const values = ["https://a.test"];
  const options = new Proxy({ origins: values, credentials: true }, {
    get(target, name): unknown {
      reads.push(String(name));
      return Reflect.get(target, name);
    },
  });

  const read = readOptions(options);
  values[0] = "null";

  assertEquals(reads.toSorted(), ["credentials", "origins"]);
  assertEquals(read, { origins: ["https://a.test"], credentials: true });
});

Deno.test("readOptions() is not misled by a list that iterates over something else", () => {
  const origins = Object.assign(["null"], {
    [Symbol.iterator]: () => ["https://a.test"].values(),
  });

  assertEquals(readOptions({ origins }).origins, ["https://a.test"]);
});

Deno.test("readOptions() reads options that are inherited", () => {
  class Options {
    get origins(): string[] {
      return ["https://a.test"];
    }
  }

  assertEquals(readOptions(new Options()).origins, ["https://a.test"]);
});
