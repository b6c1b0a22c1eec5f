import { assertEquals } from "@std/assert";
import { stub } from "@std/testing/mock";
import type { Database } from "../../store/collection.ts";
import type { CollectionDeclaration } from "../../store/collection.ts";
import { openDatabase } from "../../store/database.ts";
import { type DatabaseFixture, testDatabase } from "./contract.ts";
import { verify } from "./verify.ts";

/** A database that is gone when it is closed. */
class MemoryFixture implements DatabaseFixture {
  database!: Database;
  now = Date.UTC(2026, 10, 23);
  #kv!: Deno.Kv;

  async open(): Promise<this> {
    this.#kv = await Deno.openKv(":memory:");
    using _stub = stub(Deno, "openKv", () => Promise.resolve(this.#kv));
    this.database = await openDatabase(":memory:", { now: () => this.now });
    return this;
  }

  async reopen(): Promise<void> {
    // A closed one cannot be checked in the end: another one takes its place.
    await this.database.ping().catch(() => this.open());
  }

  verify(declaration: CollectionDeclaration): Promise<string[]> {
    return verify(this.#kv, declaration);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]();
  }
}

testDatabase("in memory", () => new MemoryFixture().open());

Deno.test("list() finds nothing by a value that is too long for an index", async () => {
  await using database = await openDatabase(":memory:");
  const notes = await database.collection<{ text: string }>({
    name: "notes",
    indexes: ["text"],
  });
  await notes.create({ text: "short" });

  const page = await notes.list({ text: "x".repeat(3000) }, { limit: 20 });

  assertEquals(page, { items: [], next: null });
});

for (const name of ["logs", "revs", "idempotency", "events", "writes", "at"]) {
  Deno.test(`a collection "${name}" has its values, and its changes name them`, async () => {
    await using database = await openDatabase(":memory:");
    const values = await database.collection<{ text: string }>({
      name,
      indexes: [],
    });
    const { signal } = new AbortController();
    const changes = await values.changes({ after: undefined, signal });
    const once = { key: "key", bodyHash: "hash" };

    const { value, version } = await values.create({ text: "Hi" }, once);
    const { items } = await values.list({}, { limit: 20 });
    const unknown = await values.get("unknown");
    const deleted = await values.delete("unknown");
    const { value: change } = await changes[Symbol.asyncIterator]().next();

    assertEquals((await values.create({ text: "Hi" }, once)).value, value);
    assertEquals([items, unknown, deleted], [[value], null, false]);
    assertEquals(change, { id: version, event: "created", value });
  });
}
