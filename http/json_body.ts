/**
 * Reads the JSON body of a request.
 *
 * @module
 */

import { Problem } from "./problem.ts";

/** Media types of a merge patch (RFC 7396), which PATCH takes. */
export const PATCH_TYPES = ["application/merge-patch+json", "application/json"];

/**
 * Reads and parses the JSON body of a request.
 *
 * Only a JSON media type is read, for security: a page may send `text/plain` to any
 * server without a preflight (Fetch, CORS-safelisted request-header).
 *
 * An escaped lone surrogate, a NUL and a `__proto__` member are data like any other.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const headers = { "Content-Type": "application/json" };
 * const body = '{"title":"Write"}';
 * const request = new Request("http://localhost/", { method: "POST", headers, body });
 *
 * assertEquals(await readJson(request), { title: "Write" });
 * ```
 *
 * @param types Media types that are accepted, in lower case. A 415 lists them in
 * `Accept-Patch` for PATCH, and otherwise in `Accept-Post`.
 * @throws {Problem} 415 for another type or charset or a compressed body, 400 for a
 * body that is not JSON in UTF-8 or is nested more than 100 levels deep, and what
 * the body itself fails with (413).
 */
export async function readJson(
  request: Request,
  types: readonly string[] = ["application/json"],
): Promise<unknown> {
  checkType(request, types);
  const bytes = await readBytes(request);
  if (isDeep(bytes)) throw invalid(`it has more than ${MAX_DEPTH} levels`);
  try {
    if (bytes.length > LARGE) {
      await turn();
      request.signal.throwIfAborted();
    }
    return JSON.parse(UTF_8.decode(bytes));
  } catch (cause) {
    const isEmpty = bytes.length === 0;
    throw invalid(isEmpty ? "it is empty" : "it is not JSON in UTF-8", cause);
  }
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

// Parsing this many bytes may take milliseconds. A hundred bodies that arrive together
// would block all other requests for the sum of them. So large bodies are parsed one
// after the other, for 10 ms in each turn of the event loop.
const LARGE = 2 ** 14;
const TURN_MS = 10;
let turns = Promise.resolve();
let turnEnd = 0;

/** Waits until it is the turn of a large body. */
function turn(): Promise<void> {
  return turns = turns.then(async () => {
    if (performance.now() < turnEnd) return;
    await new Promise((resolve) => setTimeout(resolve));
    turnEnd = performance.now() + TURN_MS;
  });
}

// RFC 8259, 9 allows a limit. The parser takes ten times as long for nested lists as
// for other values of the same length.
const MAX_DEPTH = 100;

/** Returns whether lists and objects are nested too deeply, outside of strings. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let isString = false;
  for (let at = 0; at < bytes.length && depth <= MAX_DEPTH; at++) {
    const byte = bytes[at]!;
    if (byte === 0x5c) at++; // a backslash escapes the next byte
    else if (byte === 0x22) isString = !isString;
    else if (isString) continue;
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return depth > MAX_DEPTH;
}

async function readBytes(request: Request): Promise<Uint8Array> {
  try {
    return await request.bytes();
  } catch (error) {
    // A TypeError is a bug of the server: the body was read before. Others come from
    // the connection: it was closed, or its chunked coding is invalid.
    if (error instanceof Problem || error instanceof TypeError) throw error;
    throw invalid("it is incomplete", error);
  }
}

function invalid(reason: string, cause?: unknown): Problem {
  const detail = `Cannot read the body: ${reason}`;
  return new Problem("invalid-json", detail, { cause });
}

function checkType(request: Request, types: readonly string[]): void {
  const { headers, method } = request;
  const coding = headers.get("Content-Encoding") ?? "identity";
  if (coding.trim().toLowerCase() !== "identity") {
    // RFC 9110, 12.5.3: Accept-Encoding in a 415 lists the supported codings.
    throw unsupported("Cannot read a compressed body: send it uncompressed", {
      "Accept-Encoding": "identity",
    });
  }
  const [type = "", ...parameters] = (headers.get("Content-Type") ?? "")
    .toLowerCase().split(";").map((part) => part.trim());
  if (types.includes(type) && parameters.every(isUtf8)) return;
  throw unsupported(
    `Cannot read a body of this type: send ${types.join(" or ")} in UTF-8`,
    { [method === "PATCH" ? "Accept-Patch" : "Accept-Post"]: types.join(", ") },
  );
}

/** Returns whether a parameter is not a charset, or is the only one of JSON. */
function isUtf8(parameter: string): boolean {
  return !parameter.startsWith("charset=") ||
    /^charset="?utf-?8"?$/.test(parameter);
}

function unsupported(detail: string, headers: Record<string, string>): Problem {
  return new Problem("unsupported-media-type", detail, { headers });
}
