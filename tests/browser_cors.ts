/**
 * The browser's side of CORS, after Fetch: what a page may send and read.
 *
 * Only what bears on the decision is here: no cache of preflights, no redirects, no
 * cookies, and the values of request headers are taken to be short and printable.
 *
 * @module
 */

/** What a page passes to `fetch()`. */
export interface PageRequest {
  /** Origin of the page. */
  origin: string;
  /** Method, as the page writes it. */
  method?: string;
  /** Request headers. */
  headers?: Readonly<Record<string, string>>;
  /** Whether the page asks for credentials to come along. */
  credentials?: "omit" | "include";
  /** Whether something else forces a preflight, such as a listener for uploads. */
  forcePreflight?: boolean;
}

/** What the page sees: the response and the headers that it may read, or an error. */
export type PageResult =
  | { ok: true; response: Response; readable: string[] }
  | { ok: false; failed: "method" | "preflight" | "cors check" };

type Serve = (request: Request) => Promise<Response>;

/**
 * Does what a browser does when a page calls `fetch()` across origins
 * ({@link https://fetch.spec.whatwg.org/#main-fetch | Fetch, main fetch}).
 *
 * @param serve The server.
 * @param page What the page passes.
 * @returns What the page sees.
 */
export async function browserFetch(
  serve: Serve,
  page: PageRequest,
): Promise<PageResult> {
  const method = normalize(page.method ?? "GET");
  if (/^(CONNECT|TRACE|TRACK)$/i.test(method)) {
    return { ok: false, failed: "method" };
  }
  const unsafe = unsafeNames(page.headers ?? {});
  if (page.forcePreflight || !isSafelisted(method) || unsafe.length > 0) {
    const preflight = await serve(preflightFor(page.origin, method, unsafe));
    await preflight.body?.cancel();
    if (!passesPreflight(preflight, page, method, unsafe)) {
      return { ok: false, failed: "preflight" };
    }
  }

  const headers = new Headers(page.headers);
  headers.set("Origin", page.origin);
  const response = await serve(new Request(API, { method, headers }));
  if (passesCheck(response, page)) {
    return { ok: true, response, readable: readableNames(response, page) };
  }
  await response.body?.cancel();
  return { ok: false, failed: "cors check" };
}

const API = "https://api.test/tasks/1";

function preflightFor(
  origin: string,
  method: string,
  names: string[],
): Request {
  const headers = new Headers({
    Accept: "*/*",
    Origin: origin,
    "Access-Control-Request-Method": method,
  });
  if (names.length > 0) {
    headers.set("Access-Control-Request-Headers", names.join(","));
  }
  return new Request(API, { method: "OPTIONS", headers });
}

// CORS check.
function passesCheck({ headers }: Response, page: PageRequest): boolean {
  const origin = headers.get("Access-Control-Allow-Origin");
  const include = page.credentials === "include";
  if (origin === "*" && !include) return true;
  if (origin !== page.origin) return false;
  return !include || headers.get("Access-Control-Allow-Credentials") === "true";
}

// CORS-preflight fetch, step 7.
function passesPreflight(
  response: Response,
  page: PageRequest,
  method: string,
  unsafe: readonly string[],
): boolean {
  if (!passesCheck(response, page) || !response.ok) return false;
  const methods = values(response, "Access-Control-Allow-Methods");
  const names = values(response, "Access-Control-Allow-Headers");
  if (methods === undefined || names === undefined) return false;

  const lower = names.map((name) => name.toLowerCase());
  const wild = page.credentials !== "include";
  const methodPasses = methods.includes(method) || isSafelisted(method) ||
    (wild && methods.includes("*"));
  return methodPasses && unsafe.every((name) =>
    lower.includes(name) ||
    (wild && lower.includes("*") && name !== "authorization")
  );
}

// Extracting header list values: undefined is failure, a missing header is empty.
function values(response: Response, name: string): string[] | undefined {
  const items = (response.headers.get(name) ?? "").split(",")
    .map((item) => item.replace(/^[ \t]+|[ \t]+$/g, ""))
    .filter((item) => item !== "");
  return items.every((item) => TOKEN.test(item)) ? items : undefined;
}

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

// CORS filtered response.
function readableNames(response: Response, page: PageRequest): string[] {
  const exposed = (values(response, "Access-Control-Expose-Headers") ?? [])
    .map((name) => name.toLowerCase());
  const all = page.credentials !== "include" && exposed.includes("*");
  return [...response.headers.keys()].filter((name) =>
    !/^set-cookie2?$/.test(name) &&
    (all || exposed.includes(name) || READABLE.test(name))
  );
}

// CORS-safelisted response-header name.
const READABLE =
  /^(cache-control|content-(language|length|type)|expires|last-modified|pragma)$/;

// CORS-safelisted method, and the normalization before it.
function isSafelisted(method: string): boolean {
  return /^(GET|HEAD|POST)$/.test(method);
}

function normalize(method: string): string {
  return /^(DELETE|GET|HEAD|OPTIONS|POST|PUT)$/i.test(method)
    ? method.toUpperCase()
    : method;
}

// CORS-unsafe request-header names: lower case, unique, sorted.
function unsafeNames(headers: Readonly<Record<string, string>>): string[] {
  const unsafe = Object.entries(headers)
    .filter(([name, value]) => !isSafelistedHeader(name.toLowerCase(), value))
    .map(([name]) => name.toLowerCase());
  return [...new Set(unsafe)].sort();
}

// CORS-safelisted request-header.
function isSafelistedHeader(name: string, value: string): boolean {
  switch (name) {
    case "accept":
    case "accept-language":
    case "content-language":
      return true;
    case "content-type":
      return /^(application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)(;|$)/i
        .test(value);
    case "range":
      return /^bytes=\d+-\d*$/.test(value);
    default:
      return false;
  }
}
