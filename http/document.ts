/**
 * Documents that stay the same while the server runs.
 *
 * @module
 */

import { eTag } from "@std/http/etag";
import { unlessCurrent } from "./etag.ts";

/** Responds with a document, or with 304 to a client that has it. */
export type Document = (request: Request) => Promise<Response>;

/** What a document consists of. */
export interface DocumentParts {
  /** The body. */
  readonly body: string;
  /** Headers beside `ETag`. */
  readonly headers: Record<string, string>;
}

/**
 * Creates a document. It is made at the first request, with its tag: an app that is
 * created and never called starts no work.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const hello = createDocument(() => ({ body: "hello", headers: {} }));
 * const request = new Request("http://localhost/");
 * const response = await hello(request);
 * assertEquals(await response.text(), "hello");
 *
 * request.headers.set("If-None-Match", response.headers.get("ETag")!);
 * assertEquals((await hello(request)).status, 304);
 * ```
 */
export function createDocument(
  make: () => DocumentParts,
): Document {
  let made: Promise<DocumentParts & { tag: string }> | undefined;

  async function makeAll(): Promise<DocumentParts & { tag: string }> {
    const parts = make();
    return { ...parts, tag: await eTag(parts.body) };
  }

  return async function document(request): Promise<Response> {
    const { body, headers, tag } = await (made ??= makeAll());
    return unlessCurrent(request, tag, () => new Response(body, { headers }));
  };
}

/**
 * Creates a document of JSON.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const document = jsonDocument(() => ({ name: "home" }));
 * const response = await document(new Request("http://localhost/"));
 *
 * assertEquals(await response.json(), { name: "home" });
 * ```
 */
export function jsonDocument(
  make: () => unknown,
  type = "application/json",
): Document {
  const headers = { "Content-Type": type };
  return createDocument(() => ({ body: JSON.stringify(make()), headers }));
}
