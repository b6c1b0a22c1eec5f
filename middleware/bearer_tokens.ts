/**
 * Asks for a token.
 *
 * @module
 */

import { pathOf } from "../http/path_of.ts";
import { Problem } from "../http/problem.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode bearerTokens}. */
export interface BearerTokensOptions {
  /** SHA-256 of each token that may call, in lower-case hex. */
  hashes: readonly string[];
  /** Tells whether a path may be called without a token. */
  isOpen: (path: string) => boolean;
}

/**
 * Creates a layer that lets in only requests with a known bearer token
 * ({@link https://www.rfc-editor.org/rfc/rfc6750 | RFC 6750}).
 *
 * The server knows the hashes of the tokens and never the tokens. Each hash is
 * compared to its last byte, so the time tells neither how much of one was right
 * nor which one it was.
 *
 * @example Usage
 * ```ts
 * import { assertEquals, assertRejects } from "@std/assert";
 * import { Problem } from "../http/problem.ts";
 * import { compose } from "./compose.ts";
 *
 * // printf %s secret | sha256sum
 * const hash = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b";
 * const serve = compose(
 *   [bearerTokens({ hashes: [hash], isOpen: () => false })],
 *   () => new Response("hello"),
 * );
 *
 * const headers = { "Authorization": "Bearer secret" };
 * const response = await serve(new Request("http://localhost/", { headers }));
 * assertEquals(await response.text(), "hello");
 * await assertRejects(() => serve(new Request("http://localhost/")), Problem);
 * ```
 *
 * @param options Who may call, and what.
 * @returns The layer. It rejects with a {@linkcode Problem} (401) for anybody else.
 */
export function bearerTokens(options: BearerTokensOptions): Middleware {
  const { isOpen } = options;
  const hashes = options.hashes.map((hash) => Uint8Array.fromHex(hash));

  return async function bearerTokens(request, next): Promise<Response> {
    if (isOpen(pathOf(request.url))) return await next();
    const [, token] = CREDENTIALS.exec(
      request.headers.get("Authorization") ?? "",
    ) ?? [];
    if (token === undefined) throw unauthorized("Bearer");
    if (!isAmong(hashes, await sha256(token))) {
      throw unauthorized('Bearer error="invalid_token"');
    }
    return await next();
  };
}

// RFC 6750, 2.1. The scheme is case-insensitive (RFC 9110, 11.1).
const CREDENTIALS = /^bearer +([\w.~+/-]+=*)$/i;

async function sha256(text: string): Promise<Uint8Array> {
  const bytes = new TextEncoder().encode(text);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** Looks for a digest in constant time: there is no way out before the end. */
function isAmong(hashes: readonly Uint8Array[], digest: Uint8Array): boolean {
  let found = false;
  for (const hash of hashes) {
    let difference = 0;
    for (let i = 0; i < digest.length; i++) difference |= digest[i]! ^ hash[i]!;
    if (difference === 0) found = true;
  }
  return found;
}

function unauthorized(challenge: string): Problem {
  return new Problem("unauthorized", "Cannot answer without a known token", {
    headers: { "WWW-Authenticate": challenge },
  });
}
