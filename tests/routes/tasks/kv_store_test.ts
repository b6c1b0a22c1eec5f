import { openTaskStore } from "../../../routes/tasks/kv_store.ts";
import type { TaskStore } from "../../../routes/tasks/store.ts";
import { type StoreFixture, testTaskStore } from "./store_contract.ts";

/** A store that is gone when it is closed. */
class MemoryFixture implements StoreFixture {
  store!: TaskStore;
  now = Date.UTC(2026, 10, 23);

  async open(): Promise<this> {
    this.store = await openTaskStore({ path: ":memory:", now: () => this.now });
    return this;
  }

  async reopen(): Promise<void> {
    // What is closed cannot be checked in the end: another one takes its place.
    await this.store.ping().catch(() => this.open());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
  }
}

testTaskStore("in memory", () => new MemoryFixture().open());
