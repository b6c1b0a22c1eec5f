/**
 * Parses origins, and matches them against a list.
 *
 * @module
 */

/** The parts of an origin, or of a pattern. */
export interface Origin {
  /** Without its colon. */
  readonly scheme: string;
  /** Whether the host follows `*.`. */
  readonly wild: boolean;
  /** A domain name, an IP address, the ID of an extension, or `*` for any. */
  readonly host: string;
  /** With its colon: `:8080`, `:*`, or empty. */
  readonly port: string;
}

// Firefox and Safari make up an ID for each installation. Safari shows it in upper
// case, so either case matches.
const EXTENSION = /^((?:chrome|moz|safari-web)-extension):\/\/(\*|[\w-]+)$/;

// Fetch, "Origin header": serialized-origin, plus "*." before the host and "*" for
// the port. Neighbours share no character, so it never backtracks.
const ORIGIN =
  /^([a-z][a-z0-9+.-]*):\/\/(\*\.)?(\[[0-9a-f:]+\]|[a-z0-9._-]+)(:(?:\*|[1-9][0-9]{0,4}))?$/;

// Fetch, "Origin header": serialized-domain, in labels of up to 63 octets (RFC 1035,
// section 2.3.4). It leaves "_" out, but browsers load such hosts and send them.
const DOMAIN = /^(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*$/;

// URL, "special scheme": an origin has no default port.
const DEFAULT_PORT = /^(http:80|https:443)$/;

/** Parses an origin, or a pattern with `*` as a host, its start or the port. */
export function parseOrigin(text: string): Origin | undefined {
  // RFC 1035, section 2.3.4: a host has up to 253 characters. Twice that leaves room
  // for a scheme and a port.
  const parts = text.length > 506 ? null : ORIGIN.exec(text);
  const [, scheme = "", wild, host = "", port = ""] = parts ?? [];
  // A label and its dot must fit in place of "*.".
  const room = wild === undefined ? 253 : 251;
  const isHost = host.startsWith("[") ||
    (host.length <= room && DOMAIN.test(host));
  const isPort = port === "" || port === ":*" ||
    (Number(port.slice(1)) <= 65535 && !DEFAULT_PORT.test(scheme + port));
  return isHost && isPort
    ? { scheme, wild: wild !== undefined, host, port }
    : parseExtension(text);
}

function parseExtension(text: string): Origin | undefined {
  const [, scheme, host] = EXTENSION.exec(text) ?? [];
  return scheme && host ? { scheme, wild: false, host, port: "" } : undefined;
}

/** Checks whether a host is the browser's own machine (Secure Contexts, section 3.1). */
export function isLoopback(host: string): boolean {
  return /^(\[::1\]|127(\.\d+){3}|(.*\.)?localhost)$/.test(host);
}

// From a host, or the end of one from its dot on, to schemes with their ports.
type Patterns = Map<string, Set<string>>;

/**
 * Creates a function that returns the `Access-Control-Allow-Origin` for an origin,
 * or `undefined` where the origin is not allowed.
 */
export function compileOrigins(
  origins: "*" | readonly string[],
): (origin: string | null) => string | undefined {
  if (origins.includes("*")) return () => "*";

  // The response carries the configured string: one that was looked up in a table
  // takes 4 µs longer to send.
  const exact = new Map<string, string>();
  const patterns: Patterns = new Map();
  for (const text of origins) {
    const { scheme, wild, host, port } = parseOrigin(text)!;
    const key = wild ? `.${host}` : host;
    if (!text.includes("*")) exact.set(text, text);
    else patterns.set(key, (patterns.get(key) ?? new Set()).add(scheme + port));
  }
  return (origin) => {
    if (origin === null) return undefined;
    const found = exact.get(origin);
    if (found !== undefined || patterns.size === 0) return found;
    return matches(origin, patterns) ? origin : undefined;
  };
}

// One look-up for each label of the host, however many patterns there are.
function matches(text: string, patterns: Patterns): boolean {
  const origin = parseOrigin(text);
  // Origins have no "*": a client sent a pattern.
  if (origin === undefined || text.includes("*")) return false;
  const { scheme, host, port } = origin;
  for (let at = 0; at !== -1; at = host.indexOf(".", at + 1)) {
    const found = patterns.get(host.slice(at));
    if (found?.has(scheme + port) || found?.has(`${scheme}:*`)) return true;
  }
  return patterns.get("*")?.has(scheme) === true && EXTENSION.test(text);
}
