/**
 * Checks the origins of a configuration.
 *
 * @module
 */

import type { Complaint } from "./error.ts";
import { isLoopback, type Origin, parseOrigin } from "./origins.ts";
import { isPublicSuffix } from "./public_suffixes.ts";

type Mistake = readonly [sign: RegExp, ...complaint: Complaint];

const ADDRESS = ["wildcard", "list each IP address"] as const;

// Entries that match no page, whatever follows.
const NEVER: readonly Mistake[] = [
  [
    /^\s*(null\s*$|(data|file):)/i,
    "forbidden",
    'remove it: every local file and sandboxed page sends "null"',
  ],
  [
    /^(about|amqps?|blob|ftps?|git|gopher|grpcs?|imaps?|irc|javascript|ldaps?|mailto|mqtts?|mysql|postgres(ql)?|rediss?|rtsps?|sftp|sip|sms|smtp|ssh|tcp|tel|telnet|udp|unix|urn|view-source|wss?):/i,
    "scheme",
    'no page has this scheme, and a WebSocket handshake carries the origin of its page: write that, such as "https://app.example.com"',
  ],
  [/,/, "syntax", "write one entry for each origin"],
  [
    /^(chrome|moz|safari-web)-extension:(?!\/\/\*$).*[*.:]/i,
    "syntax",
    'write the ID of an extension, or "*" for any, and nothing else',
  ],
];

// Other entries that cannot be parsed, the most specific first.
const INVALID: readonly Mistake[] = [
  [/:\/\/[\d.]+\.[\d.*]*\*/, ...ADDRESS],
  [
    /:\/\/\*(:|$)/,
    "wildcard",
    'write a host, or "*" without a scheme for every origin',
  ],
  [
    /[\w-]\*|\*[\w-]/,
    "wildcard",
    'list the origins, since anyone can register a name that fits, or give previews a domain of your own and write "https://*.preview.example.com"',
  ],
  [
    /\/-|\.-|-([.:]|$)|[\w-]{64}|[\w.-]{254}/,
    "syntax",
    'use a host of up to 253 characters whose labels have up to 63 and neither begin nor end with "-"',
  ],
  [/\*/, "wildcard", 'write "*." once, before a host'],
  [/(?:)/, "syntax", 'write a scheme and a host: "https://app.example.com"'],
];

// Nothing on a network can send an origin with one of these.
const SECURE_SCHEME =
  /^(https|capacitor|chrome-extension|ionic|moz-extension|safari-web-extension|tauri)$/;

/** Returns why an origin or pattern is invalid, if it is. */
export function checkOrigin(text: string): Complaint | undefined {
  if (text === "*") return undefined;
  const origin = readOrigin(text);
  return find(NEVER, text) ??
    (origin === undefined ? explain(text) : checkPattern(origin));
}

/** Finds what lets strangers in, if an origin or pattern is allowed. */
export function* findRisks(
  text: string,
  options: Readonly<Record<string, unknown>>,
): Generator<Complaint> {
  const { scheme = "https", wild = false, host = "" } = parseOrigin(text) ?? {};
  if (!options.dangerouslyAllowPublicSuffixes && wild && isPublicSuffix(host)) {
    yield [
      "suffix",
      `list each origin, since anyone can register a name under ${host}, or set dangerouslyAllowPublicSuffixes`,
    ];
  }
  if (options.credentials !== true) return;
  if (host === "*") {
    yield [
      "credentials",
      "list the ID of the extension, or set credentials to false and use a token",
    ];
  }
  const isSecure = SECURE_SCHEME.test(scheme) || isLoopback(host);
  if (!options.dangerouslyAllowInsecureOrigins && !isSecure) {
    yield ["credentials", "use https, or set dangerouslyAllowInsecureOrigins"];
  }
  if (!options.dangerouslyAllowSubdomainsWithCredentials && wild) {
    yield [
      "credentials",
      "list each subdomain, or set dangerouslyAllowSubdomainsWithCredentials",
    ];
  }
}

// URL, "host parsing": a host that the parser returns unchanged is as browsers send
// it. This checks IPv4, IPv6 and punycode. The grammar comes first, as the parser
// drops tabs and keeps "*" and ",". With "https" it parses hosts of every scheme.
function readOrigin(text: string): Origin | undefined {
  const origin = parseOrigin(text);
  const host = URL.parse(`https://${origin?.host}`)?.hostname;
  return host === origin?.host ? origin : undefined;
}

function checkPattern({ wild, host, port }: Origin): Complaint | undefined {
  if (wild && /^\[|\.\d+$/.test(host)) return ADDRESS;
  if (wild && host !== "localhost" && !host.includes(".")) {
    return ["wildcard", 'write "*." before a domain of two or more labels'];
  }
  return port === ":*" && !isLoopback(host)
    ? ["wildcard", "write the port: only loopback hosts may have any"]
    : undefined;
}

function explain(text: string): Complaint {
  const [browser] = /^(moz|safari-web)-extension:/i.exec(text) ?? [];
  if (browser) return replaceWith(`${browser.toLowerCase()}//*`);

  const url = parseLoosely(text.trim());
  const host = url?.host.replace(/\.(?=:|$)/, "");
  const hint = `${url?.protocol}//${host}`.toLowerCase();
  const origin = readOrigin(hint);
  if (origin === undefined || checkPattern(origin) !== undefined) {
    // The grammar allows some hosts that the URL parser does not.
    return parseOrigin(text) === undefined ? find(INVALID, text)! : [
      "syntax",
      'use another host: "xn--" begins punycode, and a number at the end an IPv4 address',
    ];
  }
  return host === url?.host ? replaceWith(hint) : [
    "syntax",
    `write "${hint}", and open the page without the dot after its host: with the dot, it has another origin`,
  ];
}

function parseLoosely(text: string): URL | null {
  if (/^([^:]+:[\\/]|https?:)/i.test(text)) return URL.parse(text);
  const scheme = /^(localhost|127\.)/.test(text) ? "http" : "https";
  return URL.parse(`${scheme}://${text}`);
}

function find(list: readonly Mistake[], text: string): Complaint | undefined {
  const [, ...complaint] = list.find(([sign]) => sign.test(text)) ?? [];
  return complaint.length === 0 ? undefined : complaint as Complaint;
}

function replaceWith(hint: string): Complaint {
  return ["syntax", `write "${hint}"`, hint];
}
