/**
 * Reads origins and patterns of origins.
 *
 * @module
 */

/** The parts of an origin, or of a pattern. */
export interface Origin {
  /** Without its colon. */
  readonly scheme: string;
  /** Whether the host follows `*.`. */
  readonly wild: boolean;
  /** A domain name or an IP address. */
  readonly host: string;
  /** With its colon: `:8080`, `:*`, or empty. */
  readonly port: string;
}

// Fetch, "Origin header": serialized-origin, plus "*." before the host and "*" for
// the port. Neighbours share no character, so it never backtracks.
const ORIGIN =
  /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:(?:\*|[1-9][0-9]{0,4}))?$/;

// Fetch, "Origin header": serialized-domain, in labels of up to 63 octets (RFC 1035,
// section 2.3.4). It leaves "_" out, but browsers load such hosts and send them.
const DOMAIN = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;

// URL, "special scheme": an origin has no default port.
const DEFAULT_PORT = /^(http:80|https:443)$/;

// Firefox and Safari make up an ID for each installation. Safari shows it in upper
// case, so either case matches.
const EXTENSION = /^((?:chrome|moz|safari-web)-extension):\/\/(\*|[\w-]+)$/;

/** Parses an origin, or a pattern with `*.` before the host or `:*` as the port. */
export function parseOrigin(text: string): Origin | undefined {
  // RFC 1035, section 2.3.4: a host has up to 253 characters. Twice that leaves room
  // for a scheme and a port.
  const parts = text.length > 506 ? null : ORIGIN.exec(text);
  if (parts === null) return undefined;
  const [, scheme = "", wild, host = "", port = ""] = parts;
  // A label and its dot must fit in place of "*.".
  const room = wild === undefined ? 253 : 251;
  if (!host.startsWith("[") && (host.length > room || !DOMAIN.test(host))) {
    return undefined;
  }
  const isPort = port === "" || port === ":*" ||
    (Number(port.slice(1)) <= 65535 && !DEFAULT_PORT.test(scheme + port));
  return isPort ? { scheme, wild: wild !== undefined, host, port } : undefined;
}

/** Returns the scheme of a browser extension's origin, and its ID, which may be `*`. */
export function parseExtension(text: string): [scheme: string, id: string] {
  const [, scheme = "", id = ""] = EXTENSION.exec(text) ?? [];
  return [scheme, id];
}

/** Checks whether a host is the browser's own machine (Secure Contexts, section 3.1). */
export function isLoopback(host: string): boolean {
  return /^(\[::1\]|127(\.\d+){3}|(.*\.)?localhost)$/.test(host);
}
