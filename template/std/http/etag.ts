/**
 * Calculates entity tags, and compares them with the headers of conditional
 * requests ({@link https://www.rfc-editor.org/rfc/rfc9110#section-13 | RFC 9110, 13}).
 *
 * @example Usage
 * ```ts
 * import { eTag, ifNoneMatch } from "@std/http/etag";
 * import { assertEquals, assertFalse } from "@std/assert";
 *
 * const etag = await eTag("hello");
 *
 * assertEquals(etag, '"5-LPJNul+wow4m6DsqxbninhsWHlw"');
 * assertFalse(ifNoneMatch(etag, etag), "304 Not Modified");
 * ```
 *
 * @module
 */

/** What {@linkcode eTag} needs to know about a file. */
export interface FileInfo {
  /** When the file was last changed, if the system knows. */
  mtime: Date | null;
  /** Size of the file, in bytes. */
  size: number;
}

/** Options for {@linkcode eTag}. */
export interface ETagOptions {
  /**
   * The hash to use.
   *
   * @default {"SHA-256"}
   */
  algorithm?: AlgorithmIdentifier;

  /**
   * Whether the tag is weak. By default the tag of a file is weak, and the tag
   * of a text or bytes is strong.
   */
  weak?: boolean;
}

/** As many characters of the hash as a tag shows. */
const HASH_LENGTH = 27;

/** Hash of nothing in the default algorithm, used for every algorithm. */
const EMPTY_HASH = "47DEQpj8HBSa+/TImW+5JCeuQeR";

/**
 * Calculates the entity tag of a text or of bytes.
 *
 * @example Usage
 * ```ts
 * import { eTag } from "@std/http/etag";
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(await eTag(""), '"0-47DEQpj8HBSa+/TImW+5JCeuQeR"');
 * assertEquals(await eTag("", { weak: true }), 'W/"0-47DEQpj8HBSa+/TImW+5JCeuQeR"');
 * ```
 *
 * @param entity The text or bytes.
 * @param options Additional options.
 * @returns The entity tag, strong by default.
 */
export async function eTag(
  entity: string | ReturnType<TextEncoder["encode"]>,
  options?: ETagOptions,
): Promise<string>;
/**
 * Calculates the entity tag of a file from its size and time of change.
 *
 * @example Usage
 * ```ts
 * import { eTag } from "@std/http/etag";
 * import { assertEquals } from "@std/assert";
 *
 * const file = { mtime: new Date(0), size: 255 };
 *
 * assertEquals(await eTag(file), 'W/"ff-fV7l2JDWcybWhXieoDDmVxKEFxe"');
 * assertEquals(await eTag({ mtime: null, size: 255 }), undefined);
 * ```
 *
 * @param entity What is known about the file.
 * @param options Additional options.
 * @returns The entity tag, weak by default, or `undefined` if the time is not
 * known.
 */
export async function eTag(
  entity: FileInfo,
  options?: ETagOptions,
): Promise<string | undefined>;
export async function eTag(
  entity: string | ReturnType<TextEncoder["encode"]> | FileInfo,
  options: ETagOptions = {},
): Promise<string | undefined> {
  const isFile = typeof entity === "object" && "mtime" in entity;
  const { algorithm = "SHA-256", weak = isFile } = options;

  const content = isFile ? entity.mtime?.toJSON() : entity;
  if (content === undefined) return undefined;
  const bytes = typeof content === "string"
    ? new TextEncoder().encode(content)
    : content;
  const size = isFile ? entity.size : bytes.length;
  const hash = bytes.length === 0 ? EMPTY_HASH : await digest(algorithm, bytes);
  return `${weak ? "W/" : ""}"${size.toString(16)}-${hash}"`;
}

/**
 * Tells whether a request with this `If-Match` header may go on. Only strong
 * tags match, and `*` matches any.
 *
 * @example Usage
 * ```ts
 * import { ifMatch } from "@std/http/etag";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(ifMatch('"1", "2"', '"2"'));
 * assertFalse(ifMatch('"1"', '"2"'), "412 Precondition Failed");
 * assertFalse(ifMatch('W/"2"', 'W/"2"'), "Weak tags do not match");
 * ```
 *
 * @param value The header, or `null` if there is none.
 * @param etag The current tag of the entity.
 * @returns Whether the tag matches. `false` if there is no header.
 */
export function ifMatch(
  value: string | null,
  etag: string | undefined,
): boolean {
  if (!value || !etag || etag.startsWith("W/")) return false;
  return isAny(value) || tagsOf(value).includes(etag);
}

/**
 * Tells whether a request with this `If-None-Match` header wants the entity.
 * Weak tags match too, and `*` matches any.
 *
 * @example Usage
 * ```ts
 * import { ifNoneMatch } from "@std/http/etag";
 * import { assert, assertFalse } from "@std/assert";
 *
 * assert(ifNoneMatch('"1"', '"2"'));
 * assertFalse(ifNoneMatch('W/"2"', '"2"'), "304 Not Modified");
 * ```
 *
 * @param value The header, or `null` if there is none.
 * @param etag The current tag of the entity.
 * @returns Whether no tag matches. `true` if there is no header.
 */
export function ifNoneMatch(
  value: string | null,
  etag: string | undefined,
): boolean {
  if (!value || !etag) return true;
  return !isAny(value) && !tagsOf(value).map(opaque).includes(opaque(etag));
}

async function digest(
  algorithm: AlgorithmIdentifier,
  bytes: ReturnType<TextEncoder["encode"]>,
): Promise<string> {
  const hash = await crypto.subtle.digest(algorithm, bytes);
  return new Uint8Array(hash).toBase64().slice(0, HASH_LENGTH);
}

function isAny(value: string): boolean {
  return value.trim() === "*";
}

function tagsOf(value: string): string[] {
  return value.split(/\s*,\s*/);
}

function opaque(tag: string): string {
  return tag.startsWith("W/") ? tag.slice(2) : tag;
}
