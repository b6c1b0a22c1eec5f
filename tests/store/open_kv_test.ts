import { assertEquals, assertRejects, assertStrictEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
import { isFile, openKv } from "../../store/open_kv.ts";

Deno.test("openKv() opens one handle in memory", async () => {
  using kv = await openKv(":memory:", 1000);

  assertStrictEquals(kv.read, kv.write);
  assertEquals(kv.shared, false);
});

const NEEDS: Record<string, string> = {
  "data/tasks.sqlite3":
    'Requires read access to "data/tasks.sqlite3", run again with the --allow-read flag',
  "https://kv.example.com":
    'Requires env access to "DENO_KV_ACCESS_TOKEN", run again with the --allow-env flag',
};
for (const [path, need] of Object.entries(NEEDS)) {
  Deno.test({
    name: `openKv() explains what it needs for ${path}`,
    permissions: "none",
    async fn(): Promise<void> {
      const { message } = await assertRejects(
        () => openKv(path, 1000),
        Error,
      );

      assertEquals(message, `Cannot open the store at "${path}": ${need}`);
    },
  });
}

Deno.test("openKv() opens the database that is attached on Deno Deploy", async () => {
  const open = Deno.openKv;
  using openKvStub = stub(Deno, "openKv", () => open(":memory:"));

  using kv = await openKv(undefined, 1000);

  assertEquals(kv.shared, false);
  assertEquals(openKvStub.calls.map(({ args }) => args), [[undefined]]);
});

Deno.test("openKv() explains why there is no database attached", async () => {
  const error = new TypeError("no database");
  using _stub = stub(Deno, "openKv", () => Promise.reject(error));

  await assertRejects(
    () => openKv(undefined, 1000),
    Error,
    'Cannot open the store at "the attached database": no database',
  );
});

for (const path of [":memory:", "https://kv.example"]) {
  Deno.test(`openKv() names the flag that it needs, for ${path}`, async () => {
    using _stub = stub(Deno, "openKv", () => {
      throw new TypeError("Deno.openKv is not a function");
    });

    await assertRejects(
      () => openKv(path, 1000),
      Error,
      `Cannot open the store at "${path}": Deno.openKv is not a function: add "kv" to "unstable" in deno.json, or run with --unstable-kv`,
    );
  });
}

Deno.test("openKv() explains what keeps a file from responding in time", async () => {
  using _stub = stub(Deno, "openKv", () => new Promise<never>(() => {}));

  await assertRejects(
    () => openKv(":memory:", 1),
    Error,
    'Cannot open the store at ":memory:": Cannot use the store: no response within 1 ms: stop the program that holds it',
  );
});

Deno.test("openKv() shows no password and no token of the place", async () => {
  const path = "http://user:sec/r?et@kv.example/db?token=secret";
  const error = new Error(`error sending request for url (${path}): no\nmore`);
  using _stub = stub(Deno, "openKv", () => Promise.reject(error));

  const { message } = await assertRejects(
    () => openKv(path, 1000),
    Error,
  );

  assertEquals(
    message,
    'Cannot open the store at "http://kv.example/db": error sending request for url (http://kv.example/db): no: see whether the server runs there, and whether DENO_KV_ACCESS_TOKEN is its token',
  );
});

for (
  const [path, expected] of [
    [undefined, false],
    ["", false],
    [" ", false],
    [":memory:", false],
    ["https://kv.example", false],
    ["data/tasks.sqlite3", true],
    ["C:\\data\\app", true],
  ] as const
) {
  Deno.test(`isFile() is ${expected} for ${JSON.stringify(path)}`, () => {
    assertEquals(isFile(path), expected);
  });
}
