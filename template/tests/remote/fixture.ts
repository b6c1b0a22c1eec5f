/**
 * Runs the store on a KV Connect server.
 *
 * @module
 */

import { openTaskStore } from "../../../routes/tasks/kv_store.ts";
import type { TaskStore } from "../../../routes/tasks/store.ts";
import type { StoreFixture } from "../../../tests/routes/tasks/store_contract.ts";
import { TOKEN } from "./kv_server.ts";

/** What a KV Connect server must be for these tests. */
export interface RemoteKv extends AsyncDisposable {
  /** What `Deno.openKv` takes. */
  readonly url: string;
}

/** A store on a server of its own. */
export class RemoteFixture implements StoreFixture {
  store!: TaskStore;
  now = Date.UTC(2026, 10, 23);
  readonly #server: RemoteKv;

  private constructor(server: RemoteKv) {
    this.#server = server;
  }

  /** Opens a store on a server, which it takes over. */
  static async on(server: RemoteKv): Promise<RemoteFixture> {
    // Deno reads it when it opens the store.
    Deno.env.set("DENO_KV_ACCESS_TOKEN", TOKEN);
    const fixture = new RemoteFixture(server);
    await fixture.#open();
    return fixture;
  }

  /** Closes the store and opens it again. */
  async reopen(): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    await this.#open();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }

  async #open(): Promise<void> {
    this.store = await openTaskStore({
      path: this.#server.url,
      now: () => this.now,
    });
  }
}
