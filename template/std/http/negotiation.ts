/**
 * Chooses a representation by what a client accepts
 * ({@link https://www.rfc-editor.org/rfc/rfc9110#section-12.5 | RFC 9110, 12.5}).
 *
 * @example Usage
 * ```ts
 * import { accepts } from "@std/http/negotiation";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", {
 *   headers: { Accept: "text/html, application/json;q=0.9" },
 * });
 *
 * assertEquals(accepts(request, "application/json", "text/csv"), "application/json");
 * assertEquals(accepts(request, "text/csv"), undefined, "406 Not Acceptable");
 * ```
 *
 * @module
 */

import {
  bestOffer,
  type Choice,
  type Kind,
  NO_MATCH,
  type Param,
  rankChoices,
  readChoices,
} from "./_preference.ts";

const MEDIA_TYPE: Kind = {
  name: /^[^\s/]+\/\S+$/,
  ordered: false,
  param(key, value): Param {
    return [key.toLowerCase(), value?.replace(/^"(.*)"$/, "$1")];
  },
  specificity(offer, entry): number {
    const [offerType, offerSubtype] = typeOf(offer);
    const [type, subtype] = typeOf(entry);
    return matchPart(offerType, type, 4) + matchPart(offerSubtype, subtype, 2) +
      matchParams(offer, entry);
  },
};

const ENCODING: Kind = {
  name: /^\S+$/,
  ordered: true,
  specificity(offer, entry): number {
    return matchPart(offer.name, entry.name, 1);
  },
};

const LANGUAGE: Kind = {
  name: /^[^\s-]+(-\S+)?$/,
  ordered: true,
  specificity(offer, entry): number {
    if (isSame(offer.name, entry.name)) return 2;
    if (isSame(primaryTag(offer), primaryTag(entry))) return 1;
    return entry.name === "*" ? 0 : NO_MATCH;
  },
};

/**
 * Lists the media types that a client accepts.
 *
 * @example Usage
 * ```ts
 * import { accepts } from "@std/http/negotiation";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", {
 *   headers: { Accept: "text/csv;q=0.5, application/json" },
 * });
 *
 * assertEquals(accepts(request), ["application/json", "text/csv"]);
 * ```
 *
 * @param request The request, of which only the headers are read.
 * @returns The media types, best first: any, if there is no `Accept` header.
 */
export function accepts(request: Pick<Request, "headers">): string[];
/**
 * Chooses a media type that a client accepts.
 *
 * @example Usage
 * ```ts
 * import { accepts } from "@std/http/negotiation";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", {
 *   headers: { Accept: "text/*;q=0.5, application/json" },
 * });
 *
 * assertEquals(accepts(request, "text/csv", "application/json"), "application/json");
 * assertEquals(accepts(request, "image/png"), undefined);
 * ```
 *
 * @typeParam T The type of the offers.
 * @param request The request, of which only the headers are read.
 * @param types What the server can send, its favourite first.
 * @returns The best media type, or `undefined` if the client accepts none.
 */
export function accepts<T extends string = string>(
  request: Pick<Request, "headers">,
  ...types: T[]
): T | undefined;
export function accepts(
  request: Pick<Request, "headers">,
  ...types: string[]
): string | string[] | undefined {
  const header = request.headers.get("Accept");
  if (!header) return types.length > 0 ? types[0] : ["*/*"];
  return answer(types, readChoices(header, MEDIA_TYPE), MEDIA_TYPE);
}

/**
 * Lists the content encodings that a client accepts.
 *
 * @example Usage
 * ```ts
 * import { acceptsEncodings } from "@std/http/negotiation";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", {
 *   headers: { "Accept-Encoding": "gzip;q=0.5, br" },
 * });
 *
 * assertEquals(acceptsEncodings(request), ["br", "gzip", "identity"]);
 * ```
 *
 * @param request The request, of which only the headers are read.
 * @returns The encodings, best first: any, if there is no `Accept-Encoding`
 * header.
 */
export function acceptsEncodings(request: Pick<Request, "headers">): string[];
/**
 * Chooses a content encoding that a client accepts.
 *
 * Offer `identity` too, which every client accepts unless it says otherwise.
 *
 * @example Usage
 * ```ts
 * import { acceptsEncodings } from "@std/http/negotiation";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", {
 *   headers: { "Accept-Encoding": "gzip, br;q=0.5" },
 * });
 *
 * assertEquals(acceptsEncodings(request, "br", "gzip", "identity"), "gzip");
 * assertEquals(acceptsEncodings(request, "zstd", "identity"), "identity");
 * ```
 *
 * @typeParam T The type of the offers.
 * @param request The request, of which only the headers are read.
 * @param encodings What the server can send, its favourite first.
 * @returns The best encoding, or `undefined` if the client accepts none.
 */
export function acceptsEncodings<T extends string = string>(
  request: Pick<Request, "headers">,
  ...encodings: T[]
): T | undefined;
export function acceptsEncodings(
  request: Pick<Request, "headers">,
  ...encodings: string[]
): string | string[] | undefined {
  const header = request.headers.get("Accept-Encoding");
  if (!header) return encodings.length > 0 ? encodings[0] : ["*"];
  const choices = readChoices(header, ENCODING);
  const last = header.split(",").length - 1;
  return answer(encodings, withIdentity(choices, last), ENCODING);
}

/**
 * Lists the languages that a client accepts.
 *
 * @example Usage
 * ```ts
 * import { acceptsLanguages } from "@std/http/negotiation";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", {
 *   headers: { "Accept-Language": "fr;q=0.5, de-CH" },
 * });
 *
 * assertEquals(acceptsLanguages(request), ["de-CH", "fr"]);
 * ```
 *
 * @param request The request, of which only the headers are read.
 * @returns The languages, best first: any, if there is no `Accept-Language`
 * header.
 */
export function acceptsLanguages(request: Pick<Request, "headers">): string[];
/**
 * Chooses a language that a client accepts. A region does not have to match.
 *
 * @example Usage
 * ```ts
 * import { acceptsLanguages } from "@std/http/negotiation";
 * import { assertEquals } from "@std/assert";
 *
 * const request = new Request("http://localhost/", {
 *   headers: { "Accept-Language": "fr;q=0.5, de-CH" },
 * });
 *
 * assertEquals(acceptsLanguages(request, "fr", "de"), "de");
 * assertEquals(acceptsLanguages(request, "it"), undefined);
 * ```
 *
 * @typeParam T The type of the offers.
 * @param request The request, of which only the headers are read.
 * @param langs What the server can send, its favourite first.
 * @returns The best language, or `undefined` if the client accepts none.
 */
export function acceptsLanguages<T extends string = string>(
  request: Pick<Request, "headers">,
  ...langs: T[]
): T | undefined;
export function acceptsLanguages(
  request: Pick<Request, "headers">,
  ...langs: string[]
): string | string[] | undefined {
  const header = request.headers.get("Accept-Language");
  if (!header) return langs.length > 0 ? langs[0] : ["*"];
  return answer(langs, readChoices(header, LANGUAGE), LANGUAGE);
}

function answer(
  offers: string[],
  choices: Choice[],
  kind: Kind,
): string | string[] | undefined {
  return offers.length > 0
    ? bestOffer(offers, choices, kind)
    : rankChoices(choices);
}

/** Who names neither `identity` nor `*` still accepts `identity`, least. */
function withIdentity(choices: Choice[], order: number): Choice[] {
  if (choices.some(({ name }) => name === "*" || isSame(name, "identity"))) {
    return choices;
  }
  const quality = Math.min(1, ...choices.map(({ quality }) => quality || 1));
  return [...choices, { name: "identity", params: new Map(), quality, order }];
}

function matchPart(offered: string, accepted: string, weight: number): number {
  if (isSame(offered, accepted)) return weight;
  return accepted === "*" ? 0 : NO_MATCH;
}

function matchParams(offer: Choice, entry: Choice): number {
  if (entry.params.size === 0) return 0;
  const isMatch = entry.params.entries().every(([key, value]) =>
    isSame(offer.params.get(key) ?? "", value ?? "")
  );
  return isMatch ? 1 : NO_MATCH;
}

/** `"text/html"` gives `["text", "html"]`. */
function typeOf({ name }: Choice): [string, string] {
  const slash = name.indexOf("/");
  return [name.slice(0, slash), name.slice(slash + 1)];
}

/** `"de-CH"` gives `"de"`. */
function primaryTag({ name }: Choice): string {
  return name.split("-", 1)[0]!;
}

function isSame(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
