/**
 * Runs the store on a KV Connect server.
 *
 * @module
 */

import type {
  CollectionDeclaration,
  Database,
} from "../../../store/collection.ts";
import { openDatabase } from "../../../store/database.ts";
import type { DatabaseFixture } from "../../../tests/store/contract.ts";
import { verifyRows } from "../../../tests/store/tasks.ts";
import { TOKEN } from "./kv_server.ts";

/** What a KV Connect server must be for these tests. */
export interface RemoteKv extends AsyncDisposable {
  /** What `Deno.openKv` takes. */
  readonly url: string;
}

/** A database on its own server. */
export class RemoteFixture implements DatabaseFixture {
  database!: Database;
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
    await this.database[Symbol.asyncDispose]();
    await this.#open();
  }

  /** Checks the rows of a collection. */
  async verify(declaration: CollectionDeclaration): Promise<string[]> {
    return await verifyRows(this.#server.url, declaration);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
  }

  async #open(): Promise<void> {
    this.database = await openDatabase(this.#server.url, {
      now: () => this.now,
    });
  }
}
