/**
 * Requires a bearer token.
 *
 * @module
 */

import { Problem } from "../http/problem.ts";
import { sha256 } from "../http/sha256.ts";
import type { Middleware } from "./compose.ts";

/** Options for {@linkcode bearerTokens}. */
export interface BearerTokensOptions {
  /** SHA-256 of each valid token, in lower-case hex. */
  hashes: readonly string[];
  /** Returns whether a request needs no token. */
  isOpen: (request: Request) => boolean;
}

/**
 * Creates middleware that rejects requests without a valid bearer token
 * ({@link https://www.rfc-editor.org/rfc/rfc6750 | RFC 6750}).
 *
 * The server has the hashes of the tokens, never the tokens.
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
 * @returns The middleware. It rejects with a {@linkcode Problem} (401).
 */
export function bearerTokens(options: BearerTokensOptions): Middleware {
  const { isOpen } = options;
  const hashes = options.hashes.map((hash) => Uint8Array.fromHex(hash));

  return function bearerTokens(request, next): Promise<Response> {
    if (isOpen(request)) return next();
    const credentials = request.headers.get("Authorization") ?? "";
    const token = CREDENTIALS.exec(credentials)?.[1];
    if (token === undefined) throw unauthorized("Bearer");
    if (!includes(hashes, sha256(token))) {
      throw unauthorized('Bearer error="invalid_token"');
    }
    return next();
  };
}

// RFC 6750, 2.1. The scheme is case-insensitive (RFC 9110, 11.1).
const CREDENTIALS = /^bearer +([\w.~+/-]+=*)$/i;

// Compares every byte of every hash, so the time reveals nothing about a token.
function includes(hashes: readonly Uint8Array[], wanted: Uint8Array): boolean {
  let found = false;
  for (const hash of hashes) {
    let difference = 0;
    for (let i = 0; i < wanted.length; i++) difference |= wanted[i]! ^ hash[i]!;
    if (difference === 0) found = true;
  }
  return found;
}

function unauthorized(challenge: string): Problem {
  return new Problem("unauthorized", "Missing or unknown token", {
    headers: { "WWW-Authenticate": challenge },
  });
}
