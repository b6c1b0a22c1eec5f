/**
 * Reads the JSON body of a request.
 *
 * @module
 */

import { Problem } from "./problem.ts";

/**
 * Reads and parses the JSON body of a request.
 *
 * Only a JSON media type is read. That is a rule of security as much as of
 * manners: a page may send `text/plain` to any server without a preflight
 * ({@link https://fetch.spec.whatwg.org/#cors-safelisted-request-header | Fetch}).
 *
 * A lone surrogate (written as an escape), a NUL and a `__proto__` member are
 * data like any other.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/tasks", {
 *   method: "POST",
 *   headers: { "Content-Type": "application/json" },
 *   body: '{"title":"Write"}',
 * });
 *
 * assertEquals(await readJson(request), { title: "Write" });
 * ```
 *
 * @param request The request.
 * @param types Media types that are taken, in lower case. For PATCH they are
 * told in `Accept-Patch`, otherwise in `Accept-Post`.
 * @returns The parsed value, of unknown shape.
 * @throws {Problem} 415 for another type, charset or a compressed body, 400 for a
 * body that is not JSON in UTF-8 or more than a hundred lists and objects deep, and
 * what the body itself fails with (413, 408).
 */
export async function readJson(
  request: Request,
  types: readonly string[] = ["application/json"],
): Promise<unknown> {
  checkType(request, types);
  const bytes = await readBytes(request);
  if (isDeep(bytes)) throw new Problem("invalid-json", TOO_DEEP);
  try {
    return bytes.length > LARGE
      ? await inTurn(() => parse(bytes), request)
      : parse(bytes);
  } catch (cause) {
    throw new Problem(
      "invalid-json",
      bytes.length === 0
        ? "Cannot read the body: it is empty"
        : "Cannot read the body: it is not JSON in UTF-8",
      { cause },
    );
  }
}

function parse(bytes: Uint8Array): unknown {
  return JSON.parse(UTF_8.decode(bytes));
}

// To parse so many bytes may take milliseconds. A hundred bodies that arrive at once
// would hold up everybody else for the sum of them. So they are parsed for as long as
// a turn of the event loop may take, and go on in the next one.
const LARGE = 2 ** 14;
const TURN_MS = 10;
const waiting: (() => void)[] = [];

/** Calls `work` in its turn, unless the client is gone by then. */
function inTurn<T>(work: () => T, { signal }: Request): Promise<T> {
  return new Promise((resolve, reject) => {
    const count = waiting.push(() => {
      try {
        signal.throwIfAborted();
        resolve(work());
      } catch (error) {
        reject(error);
      }
    });
    if (count === 1) setTimeout(takeTurn);
  });
}

function takeTurn(): void {
  const end = performance.now() + TURN_MS;
  let done = 0;
  while (done < waiting.length && performance.now() < end) waiting[done++]!();
  waiting.splice(0, done);
  if (waiting.length > 0) setTimeout(takeTurn);
}

// RFC 8259, 9 lets a reader set a limit. Lists in lists take the parser ten times as
// long as other values of the same length, and nobody means anything so deep.
const MAX_DEPTH = 100;
const TOO_DEEP =
  `Cannot read the body: lists and objects in it are more than ${MAX_DEPTH} deep`;

/** Whether lists and objects are too deep in each other. Those in strings are text. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length && depth <= MAX_DEPTH; at++) {
    const byte = bytes[at]!;
    if (byte === 0x5c) at++; // A backslash: the next byte has no meaning.
    else if (byte === 0x22) isText = !isText;
    else if (isText) continue;
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return depth > MAX_DEPTH;
}

async function readBytes(request: Request): Promise<Uint8Array> {
  try {
    return await request.bytes();
  } catch (error) {
    // A TypeError is a mistake of ours: the body was read before. Anything else
    // came with the connection: the client is gone, or broke the chunked coding.
    if (error instanceof Problem || error instanceof TypeError) throw error;
    throw new Problem(
      "invalid-json",
      "Cannot read the body: it did not arrive whole",
      { cause: error },
    );
  }
}

const UTF_8 = new TextDecoder("utf-8", { fatal: true });

function checkType(
  { headers, method }: Request,
  types: readonly string[],
): void {
  const coding = headers.get("Content-Encoding") ?? "identity";
  if (coding.trim().toLowerCase() !== "identity") {
    // RFC 9110, 12.5.3: Accept-Encoding in a 415 says what would be taken.
    throw new Problem(
      "unsupported-media-type",
      "Cannot read a compressed body: send it as it is",
      { headers: { "Accept-Encoding": "identity" } },
    );
  }
  const [type = "", ...parameters] = (headers.get("Content-Type") ?? "")
    .toLowerCase().split(";").map((part) => part.trim());
  if (types.includes(type) && parameters.every(isUtf8)) return;
  throw new Problem(
    "unsupported-media-type",
    `Cannot read a body of this type: send ${types.join(" or ")} in UTF-8`,
    {
      headers: {
        [method === "PATCH" ? "Accept-Patch" : "Accept-Post"]: types.join(", "),
      },
    },
  );
}

/** Whether a parameter is not a charset, or is the only one that JSON has. */
function isUtf8(parameter: string): boolean {
  return !parameter.startsWith("charset=") ||
    /^charset="?utf-?8"?$/.test(parameter);
}
