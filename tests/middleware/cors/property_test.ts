/**
 * A browser lets a page do exactly what the configuration allows. The model below
 * computes what is allowed without any code of the middleware; the browser's side is
 * `tests/browser_cors.ts`.
 *
 * Each run generates other cases, from the seed in the name of the test. To run one
 * again: `deno test tests/middleware/cors/property_test.ts -- SEED`.
 */

import { assert, assertEquals } from "@std/assert";
import { compose } from "../../../middleware/compose.ts";
import { cors, type CorsOptions } from "../../../middleware/cors.ts";
import { browserFetch, type PageRequest } from "../../browser_cors.ts";
import { fieldsOf } from "../_exchange.ts";

const CONFIGURATIONS = 2000;
const PAGES = 4;

/** An origin, or a pattern: "*" is any port or extension, and `wild` any subdomain. */
interface Site {
  scheme: string;
  labels: string[];
  port: string;
  wild: boolean;
}

const SCHEMES = ["https", "http", "capacitor"];
const EXTENSIONS = [
  "chrome-extension",
  "moz-extension",
  "safari-web-extension",
];
const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];
const METHODS = "GET HEAD POST put Delete OPTIONS PATCH QUERY".split(" ");
const VALUES: Record<string, string[]> = {
  "accept": ["text/html"],
  "authorization": ["Bearer a"],
  "content-type": ["text/plain", "application/json"],
  "if-match": ['"1"'],
  "range": ["bytes=0-99", "lines=1"],
};
const SAFE_VALUES = ["text/html", "text/plain", "bytes=0-99"];
const FIELDS = ["Content-Type", "ETag", "X-Total-Count", "X-Trace"];

const seed = Number(Deno.args[0] ?? Date.now() % 2 ** 32);

Deno.test(`cors() lets a browser do exactly what is configured, seed ${seed}`, async () => {
  const random = generator(seed);
  let allowed = 0;
  for (let i = 0; i < CONFIGURATIONS; i++) {
    const credentials = random(2) === 0;
    const sites = many(random, 5, (random) => drawPattern(random, credentials));
    const options = drawOptions(random, sites, credentials);
    const serve = compose([cors(options)], respond);
    for (let j = 0; j < PAGES; j++) {
      const site = random(20) === 0 ? undefined : drawNear(random, sites);
      const page = drawPage(random, textOf(site), options);
      const result = await browserFetch(checked(serve), page);
      const message = JSON.stringify({ options, page, result });

      const isLetIn = options.origins === "*" ||
        sites.some((pattern) => site !== undefined && fits(pattern, site));
      assertEquals(result.ok, isLetIn && isAllowed(options, page), message);
      if (!result.ok) continue;
      const names = FIELDS.filter((name) =>
        result.readable.includes(name.toLowerCase())
      );
      assertEquals(names, readable(options, page), message);
      allowed++;
    }
  }
  assert(allowed > 500, `only ${allowed} were allowed`);
});

function respond(): Response {
  const response = new Response();
  for (const name of FIELDS) response.headers.set(name, "1");
  return response;
}

// The model. It has the parts of origins, and no text to parse.
function fits({ scheme, labels, port, wild }: Site, site: Site): boolean {
  if (labels[0] === "*") {
    return site.scheme === scheme && site.labels.length > 0;
  }
  const below = site.labels.length - labels.length;
  return site.scheme === scheme && (port === "*" || site.port === port) &&
    (wild ? below > 0 : below === 0) &&
    labels.every((label, index) => site.labels[below + index] === label);
}

function isAllowed(options: CorsOptions, page: PageRequest): boolean {
  const { methods = [], headers = [], credentials = false } = options;
  const method = onTheWire(page.method!);
  const listed = Array.from(headers, (name) => name.toLowerCase());
  const unsafe = Object.entries(page.headers!)
    .filter(([, value]) => !SAFE_VALUES.includes(value))
    .map(([name]) => name.toLowerCase());
  const conditions = {
    credentials: credentials || page.credentials === "omit",
    method: ["GET", "HEAD", "POST"].includes(method) || methods === "*" ||
      methods.map(onTheWire).includes(method),
    headers: unsafe.every((name) =>
      listed.includes(name) ||
      (listed.includes("*") && name !== "authorization")
    ),
  };
  return Object.values(conditions).every(Boolean);
}

/** Browsers send these six in upper case, and no others. */
function onTheWire(method: string): string {
  const known = ["GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"];
  return known.find((name) => name === method.toUpperCase()) ?? method;
}

function readable(options: CorsOptions, page: PageRequest): string[] {
  const exposed = Array.from(options.exposeHeaders!, (it) => it.toLowerCase());
  return FIELDS.filter((name) =>
    name === "Content-Type" || exposed.includes(name.toLowerCase()) ||
    (exposed.includes("*") && page.credentials === "omit")
  );
}

// What must hold for each response, whatever is configured.
function checked(serve: (request: Request) => Promise<Response>): typeof serve {
  return async (request) => {
    const response = await serve(request);
    const fields = fieldsOf(response);
    const { "access-control-allow-origin": origin, vary = "" } = fields;
    const names = vary.split(", ");
    const isPreflight = request.method === "OPTIONS" &&
      request.headers.has("Access-Control-Request-Method");

    assert([undefined, "*", request.headers.get("Origin")].includes(origin));
    assert(
      !("access-control-allow-credentials" in fields) || origin?.includes(":"),
    );
    assertEquals(
      "access-control-max-age" in fields,
      isPreflight && response.ok,
    );
    assert(!("access-control-expose-headers" in fields) || !isPreflight);
    assertEquals(names.length, new Set(names).size);
    assertEquals(
      names.includes("Origin"),
      origin !== "*" || request.method === "OPTIONS",
    );
    assertEquals(
      fields["timing-allow-origin"],
      isPreflight ? undefined : origin,
    );
    return response;
  };
}

type Random = (below: number) => number;

function drawOptions(
  random: Random,
  sites: readonly Site[],
  credentials: boolean,
): CorsOptions {
  const list = (draw: (random: Random) => string): "*" | string[] =>
    !credentials && random(4) === 0 ? "*" : many(random, 6, draw);
  const headers = list((random) =>
    recase(random, pick(random, [...Object.keys(VALUES), drawToken(random)]))
  );
  return {
    origins: !credentials && random(8) === 0 ? "*" : sites.map(textOf),
    methods: list((random) => pick(random, [...METHODS, drawToken(random)])),
    headers: headers === "*" && random(2) === 0
      ? ["authorization", "*"]
      : headers,
    exposeHeaders: list((random) => recase(random, pick(random, FIELDS))),
    credentials,
    dangerouslyAllowInsecureOrigins: true,
    dangerouslyAllowSubdomainsWithCredentials: true,
  };
}

function drawPage(
  random: Random,
  origin: string,
  { methods, headers }: CorsOptions,
): PageRequest {
  const anyOf = (...names: string[]): string =>
    recase(random, pick(random, [...names, drawToken(random)]));
  const fields = many(random, 4, () => {
    const name = anyOf(...headers!, ...Object.keys(VALUES));
    return [name, pick(random, VALUES[name.toLowerCase()] ?? ["a"])];
  });
  return {
    origin,
    method: anyOf("GET", "POST", ...methods!, pick(random, METHODS)),
    headers: Object.fromEntries(fields),
    credentials: random(2) === 0 ? "omit" : "include",
    forcePreflight: random(4) === 0,
  };
}

function drawSite(random: Random): Site {
  if (random(5) === 0) {
    const scheme = pick(random, EXTENSIONS);
    return { scheme, labels: [drawLabel(random)], port: "", wild: false };
  }
  return {
    scheme: pick(random, SCHEMES),
    labels: random(4) === 0
      ? [pick(random, LOOPBACK)]
      : [drawLabel(random), ...many(random, 3, drawLabel)],
    port: drawPort(random),
    wild: false,
  };
}

function drawPattern(random: Random, credentials: boolean): Site {
  const site = drawSite(random);
  if (EXTENSIONS.includes(site.scheme)) {
    const any = !credentials && random(2) === 0;
    return any ? { ...site, labels: ["*"] } : site;
  }
  const host = site.labels.join(".");
  const mayBeWild = site.labels.length > 1 || host === "localhost";
  const anyPort = LOOPBACK.includes(host) && random(2) === 0;
  return {
    ...site,
    port: anyPort ? "*" : site.port,
    wild: mayBeWild && random(2) === 0,
  };
}

/** Draws an origin that a pattern matches, or one that only looks like it. */
function drawNear(random: Random, patterns: readonly Site[]): Site {
  const pattern = pick(random, [...patterns, drawSite(random)]);
  const { wild, labels, port } = pattern;
  const host = labels[0] === "*" ? [drawLabel(random)] : labels;
  let site = {
    ...pattern,
    labels: wild ? [...many(random, 3, drawLabel), ...host] : host,
    port: port === "*" ? drawPort(random) : port,
    wild: false,
  };
  for (const change of many(random, 3, () => pick(random, CHANGES))) {
    site = { ...site, ...change(site, random) };
  }
  // An extension's host is its ID, of letters, digits and hyphens.
  return EXTENSIONS.includes(site.scheme)
    ? { ...site, port: "", labels: [site.labels[0]!.replace(/\W/g, "-")] }
    : site;
}

// What attackers register, and what developers confuse with it.
const CHANGES: readonly ((site: Site, random: Random) => Partial<Site>)[] = [
  (_, random) => ({ scheme: pick(random, [...SCHEMES, ...EXTENSIONS]) }),
  (_, random) => ({ port: drawPort(random) }),
  // The domain and a subdomain, a.test and x.a.test, in both directions.
  ({ labels }, random) => ({ labels: [drawLabel(random), ...labels] }),
  ({ labels: [first = "", ...rest] }) => ({
    labels: rest.length ? rest : [first],
  }),
  // a.test.evil, xa.test, and a-test, where a dot is taken for any character.
  ({ labels }, random) => ({ labels: [...labels, drawLabel(random)] }),
  ({ labels: [first, ...rest] }) => ({ labels: [`x${first}`, ...rest] }),
  ({ labels }) => ({ labels: [labels.join("-")] }),
];

function textOf(site?: Site): string {
  // A page in a sandbox.
  if (site === undefined) return "null";
  const { scheme, labels, port, wild } = site;
  const host = (wild ? ["*", ...labels] : labels).join(".");
  return `${scheme}://${host}${port && `:${port}`}`;
}

/** Draws no port, or one that is no scheme's default. */
function drawPort(random: Random): string {
  return random(2) === 0 ? "" : `${1024 + random(64512)}`;
}

function drawLabel(random: Random): string {
  const letter = (10 + random(26)).toString(36);
  const rest = many(random, 6, () => random(36).toString(36)).join("");
  return pick(random, [
    letter + rest,
    `${letter}${rest}-1`,
    `_${letter}_${rest}`,
    "xn--bcher-kva",
  ]);
}

/** Draws a name without a meaning: none that has one begins with "x". */
function drawToken(random: Random): string {
  const characters = [..."!#$%&'*+-.^_`|~09azAZ"];
  return `x${many(random, 6, () => pick(random, characters)).join("")}`;
}

function recase(random: Random, name: string): string {
  return pick(random, [name, name.toLowerCase(), name.toUpperCase()]);
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random(from.length)]!;
}

function many<T>(
  random: Random,
  below: number,
  draw: (random: Random) => T,
): T[] {
  return Array.from({ length: random(below) }, () => draw(random));
}

// Mulberry32: small, and the same numbers for the same seed.
function generator(state: number): Random {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}
