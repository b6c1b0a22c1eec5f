/** Sends requests to a server that fails. */

import { assertEquals } from "@std/assert";

/** A client that knows what the server acknowledged. */
export class Client {
  /** Where the server is. Another address after each start. */
  url = "";
  /** Versions of the tasks that it has created, by their paths. */
  readonly created = new Map<string, string>();

  /** Creates a task, and resolves to the status of the response. */
  async create(): Promise<number> {
    const response = await fetch(`${this.url}/tasks`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ title: "Write", description: "x".repeat(2000) }),
    });
    const { status, headers } = response;
    if (status === 201) {
      this.created.set(headers.get("Location")!, headers.get("ETag")!);
    }
    if (status === 503) assertEquals(headers.get("Retry-After"), "1");
    await response.text();
    return status;
  }

  /** Resolves to the status that a path has. */
  async statusOf(path: string): Promise<number> {
    const response = await fetch(`${this.url}${path}`);
    await response.text();
    return response.status;
  }

  /** Expects what was acknowledged to be there, at the version that was told. */
  async check(): Promise<void> {
    for (const [path, version] of this.created) {
      const response = await fetch(`${this.url}${path}`);
      await response.text();
      const { status, headers } = response;
      assertEquals([path, status, headers.get("ETag")], [path, 200, version]);
    }
  }
}
