/**
 * Prints a new bearer token, for its client, and the setting with its hash.
 *
 * @module
 */

import { sha256 } from "../http/sha256.ts";

if (import.meta.main) {
  // 128 bits: too many to guess. The log has the address of a client that tries.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const token = bytes.toBase64({ alphabet: "base64url", omitPadding: true });
  const hash = sha256(token).toHex();
  // deno-lint-ignore no-console -- its result
  console.log(`${token}\nAPI_TOKENS=${hash}`);
}
