/**
 * Reads and checks the options of `cors()`.
 *
 * @module
 */

import { type Check, checkList, copyList, isOnlyEntry } from "./check_list.ts";
import {
  checkExtension,
  checkNamed,
  checkOrigin,
  checkSecure,
  checkSuffix,
} from "./check_origin.ts";
import { CorsConfigError, type CorsIssue, issueOf } from "./error.ts";
import {
  checkExposedHeader,
  checkMethod,
  checkRequestHeader,
} from "./names.ts";
import type { CorsRejection } from "./rejection.ts";

/** Options for {@linkcode cors}. */
export interface CorsOptions {
  /**
   * Origins to allow, as browsers send them: `https://app.example.com`. In
   * `https://*.example.com` the `*` is one or more labels, in `http://localhost:*`
   * any port (loopback hosts only), in `moz-extension://*` any extension of that
   * browser. `"*"` allows every origin, an empty list none.
   */
  readonly origins: "*" | readonly string[];
  /**
   * Methods to allow besides GET, HEAD and POST, which browsers always allow.
   *
   * @default {[]}
   */
  readonly methods?: "*" | readonly string[];
  /**
   * Request headers to allow. `"*"` does not cover `Authorization`,
   * `["*", "authorization"]` does.
   *
   * @default {[]}
   */
  readonly headers?: "*" | readonly string[];
  /**
   * Response headers that pages may read, besides the few that they always may.
   *
   * @default {[]}
   */
  readonly exposeHeaders?: "*" | readonly string[];
  /**
   * Whether browsers may send cookies and other credentials that they add
   * themselves. An `Authorization` that a script sets is not one of them.
   *
   * @default {false}
   */
  readonly credentials?: boolean;
  /**
   * Seconds for which browsers may cache a preflight, an integer from 0 to 86400.
   * All of them honor the default in full.
   *
   * @default {600}
   */
  readonly maxAge?: number;
  /**
   * Whether the response to a preflight that fails for its method or headers lists
   * what is allowed, so that the browser's console names the cause.
   *
   * @default {false}
   */
  readonly debug?: boolean;
  /** Called for each rejection. It is not awaited, and its errors are ignored. */
  readonly onReject?: (rejection: CorsRejection) => void;
  /**
   * Allows credentials from origins that are neither `https` nor loopback.
   *
   * @default {false}
   */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  /**
   * Allows credentials from any subdomain that a pattern matches.
   *
   * @default {false}
   */
  readonly dangerouslyAllowSubdomainsWithCredentials?: boolean;
  /**
   * Allows patterns under which anyone can register a name, such as
   * `https://*.vercel.app`.
   *
   * @default {false}
   */
  readonly dangerouslyAllowPublicSuffixes?: boolean;
}

type Given = Readonly<Record<string, unknown>>;

const TYPES: Given = {
  credentials: "boolean",
  maxAge: "number",
  debug: "boolean",
  onReject: "function",
  dangerouslyAllowInsecureOrigins: "boolean",
  dangerouslyAllowSubdomainsWithCredentials: "boolean",
  dangerouslyAllowPublicSuffixes: "boolean",
};
const LISTS = ["origins", "methods", "headers", "exposeHeaders"];
const NAMES = [...LISTS, ...Object.keys(TYPES)];

/** Reads each option once and returns a copy, or throws every error in them. */
export function readOptions(options: CorsOptions): CorsOptions {
  const copy = copyOptions(options);
  const issues = checkOptions(copy);
  if (issues.length > 0) throw new CorsConfigError(issues);
  return copy as CorsOptions;
}

function copyOptions(options: unknown): unknown {
  if (typeof options !== "object" || options === null) return options;
  const names = new Set(Object.keys(options));
  for (const name of NAMES) if (name in options) names.add(name);
  const entries = [...names].map((name) => [
    name,
    copyList((options as Given)[name]),
  ]);
  return Object.fromEntries(entries);
}

/**
 * Returns every error in options of any type: JavaScript has no compiler, and values
 * from the environment are strings.
 */
export function checkOptions(options: unknown): CorsIssue[] {
  if (typeof options !== "object" || options === null) {
    return [
      issueOf("options", options, "read options", [
        "type",
        "expected an object",
      ]),
    ];
  }
  const given = options as Given;
  return [...checkLists(given), ...checkValues(given), ...checkNames(given)];
}

function checkLists(given: Given): CorsIssue[] {
  function check(name: string, act: string, ...checks: Check[]): CorsIssue[] {
    const list = given[name];
    if (list === undefined && name !== "origins") return [];
    if (given.credentials === true) checks.push(checkLiteral);
    checks.push(name === "headers" ? isNotCovered(list) : isOnlyEntry(list));
    return checkList(name, list, act, checks);
  }
  return [
    ...check("origins", "allow origin", checkOrigin, ...checksOfRisks(given)),
    ...check("methods", "allow method", checkMethod),
    ...check("headers", "allow request header", checkRequestHeader),
    ...check("exposeHeaders", "expose response header", checkExposedHeader),
  ];
}

function checksOfRisks(given: Given): Check[] {
  const checks: Check[] = [];
  if (given.dangerouslyAllowPublicSuffixes !== true) checks.push(checkSuffix);
  if (given.credentials !== true) return checks;
  checks.push(checkExtension);
  if (given.dangerouslyAllowInsecureOrigins !== true) checks.push(checkSecure);
  if (given.dangerouslyAllowSubdomainsWithCredentials !== true) {
    checks.push(checkNamed);
  }
  return checks;
}

// Fetch, "HTTP new-header syntax": with credentials "*" is no wildcard. Reflecting
// the request instead would give every page the sessions of its visitors.
const checkLiteral: Check = (entry) =>
  entry === "*"
    ? ["credentials", "list each one: with credentials it is no wildcard"]
    : undefined;

// Fetch, "CORS non-wildcard request-header name": "*" covers all but Authorization.
function isNotCovered(list: unknown): Check {
  const all = Array.isArray(list) && list.includes("*");
  return (entry) =>
    all && entry !== "*" && entry.toLowerCase() !== "authorization"
      ? ["wildcard", 'remove it: "*" covers it']
      : undefined;
}

function checkValues(given: Given): CorsIssue[] {
  return Object.entries(TYPES).flatMap(([name, wanted]) => {
    const value = given[name];
    const type: string = typeof value;
    const isValid = name === "maxAge" ? isAge(value) : type === wanted;
    if (value === undefined || isValid) return [];
    const what = name === "maxAge"
      ? "an integer from 0 to 86400"
      : `a ${wanted}`;
    return issueOf(name, value, `set ${name}`, ["type", `expected ${what}`]);
  });
}

// RFC 9111, section 1.2.2: delta-seconds. No browser caches longer than a day.
function isAge(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0 &&
    Number(value) <= 86400;
}

function checkNames(given: Given): CorsIssue[] {
  const unknown = Object.keys(given).filter((name) => !NAMES.includes(name));
  return unknown.map((name) => {
    const start = name.slice(0, 4).toLowerCase();
    const hint = NAMES.find((known) => known.toLowerCase().startsWith(start));
    const cure = `write ${hint ?? `one of ${NAMES.join(", ")}`}`;
    return issueOf(name, given[name], `set ${name}`, ["unknown", cure, hint]);
  });
}
