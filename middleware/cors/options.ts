/**
 * The options of `cors()`, and their checks.
 *
 * @module
 */

import { checkOrigin, findRisks } from "./check_origin.ts";
import {
  type Complaint,
  CorsConfigError,
  type CorsIssue,
  issueOf,
} from "./error.ts";
import {
  checkExposedHeader,
  checkMethod,
  checkRequestHeader,
} from "./names.ts";
import type { CorsRejection } from "./rejection.ts";

/** Options for {@linkcode cors}. Lists are empty and flags `false` by default. */
export interface CorsOptions {
  /**
   * Origins to allow, as browsers send them: `https://app.example.com`. In
   * `https://*.example.com` the `*` is one or more labels, in `http://localhost:*`
   * any port (loopback hosts only), in `moz-extension://*` any extension of that
   * browser. `"*"` allows every origin, an empty list none.
   */
  readonly origins: "*" | readonly string[];
  /** Methods to allow besides GET, HEAD and POST, which browsers always allow. */
  readonly methods?: "*" | readonly string[];
  /**
   * Request headers to allow. `"*"` does not cover `Authorization`,
   * `["*", "authorization"]` does.
   */
  readonly headers?: "*" | readonly string[];
  /** Response headers that pages may read, besides the few that they always may. */
  readonly exposeHeaders?: "*" | readonly string[];
  /**
   * Whether browsers may send cookies and other credentials that they add
   * themselves. An `Authorization` that a script sets is not one of them.
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
   */
  readonly debug?: boolean;
  /** Called for each rejection. It is not awaited, and its errors are ignored. */
  readonly onReject?: (rejection: CorsRejection) => void;
  /** Allows credentials from origins that are neither `https` nor loopback. */
  readonly dangerouslyAllowInsecureOrigins?: boolean;
  /** Allows credentials from any subdomain that a pattern matches. */
  readonly dangerouslyAllowSubdomainsWithCredentials?: boolean;
  /** Allows patterns under which anyone can register: `https://*.vercel.app`. */
  readonly dangerouslyAllowPublicSuffixes?: boolean;
}

type Check = (entry: string) => Complaint | undefined;
type Given = Readonly<Record<string, unknown>>;

const LISTS: Readonly<Record<string, [act: string, check: Check]>> = {
  origins: ["allow origin", checkOrigin],
  methods: ["allow method", checkMethod],
  headers: ["allow request header", checkRequestHeader],
  exposeHeaders: ["expose response header", checkExposedHeader],
};
const TYPES: Readonly<Record<string, string>> = {
  credentials: "a boolean",
  maxAge: "an integer from 0 to 86400",
  debug: "a boolean",
  onReject: "a function",
  dangerouslyAllowInsecureOrigins: "a boolean",
  dangerouslyAllowSubdomainsWithCredentials: "a boolean",
  dangerouslyAllowPublicSuffixes: "a boolean",
};
const NAMES = [...Object.keys(LISTS), ...Object.keys(TYPES)];

/**
 * Reads each option once and returns a copy, or throws every error in them:
 * JavaScript has no compiler, and values from the environment are strings.
 */
export function readOptions(options: CorsOptions): CorsOptions {
  if (typeof options !== "object" || options === null) {
    throw new CorsConfigError([
      issueOf("options", options, "read options", expected("an object")),
    ]);
  }
  const copy = copyOptions(options);
  const issues = [checkLists, checkValues, checkNames]
    .flatMap((check) => check(copy));
  if (issues.length > 0) throw new CorsConfigError(issues);
  return copy as unknown as CorsOptions;
}

// Options may be inherited, such as the getters of a class.
function copyOptions(options: object): Given {
  const known = NAMES.filter((name) => name in options);
  const names = new Set([...known, ...Object.keys(options)]);
  return Object.fromEntries(Array.from(names, (name) => {
    const value: unknown = Reflect.get(options, name);
    return [name, Array.isArray(value) ? Array.from(value) : value];
  }));
}

function checkLists(given: Given): CorsIssue[] {
  return Object.entries(LISTS).flatMap(([name, [act, check]]) => {
    const list = given[name];
    if (list === undefined && name !== "origins") return [];
    if (list !== "*" && !Array.isArray(list)) {
      return issueOf(name, list, act, expected('"*" or an array'));
    }
    const entries: unknown[] = Array.from(list);
    return entries.flatMap((entry, index) => {
      const path = list === "*" ? name : `${name}.${index}`;
      if (typeof entry !== "string") {
        return issueOf(path, entry, act, expected("a string"));
      }
      return [check(entry), ...checkCombination(entry, name, entries, given)]
        .filter((complaint) => complaint !== undefined)
        .map((complaint) => issueOf(path, entry, act, complaint));
    });
  });
}

function* checkCombination(
  entry: string,
  name: string,
  entries: readonly unknown[],
  given: Given,
): Generator<Complaint> {
  if (name === "origins") yield* findRisks(entry, given);
  // Fetch, "HTTP new-header syntax": with credentials "*" is no wildcard. Reflecting
  // the request instead would give every page the sessions of its visitors.
  if (entry === "*" && given.credentials === true) {
    yield [
      "credentials",
      `list each one, since "*" is no wildcard with credentials`,
    ];
  }
  // Fetch, "CORS non-wildcard request-header name": "*" covers all but Authorization.
  if (name === "headers") {
    if (entries.includes("*") && !/^(\*|authorization)$/i.test(entry)) {
      yield ["wildcard", 'remove it: "*" covers it'];
    }
  } else if (entry === "*" && entries.some((each) => each !== "*")) {
    yield ["wildcard", 'remove it, or remove the entries beside "*"'];
  }
}

function checkValues(given: Given): CorsIssue[] {
  return Object.entries(TYPES).flatMap(([name, type]) => {
    const value = given[name];
    if (value === undefined || typeOf(value) === type) return [];
    return issueOf(name, value, `set ${name}`, expected(type));
  });
}

// RFC 9111, section 1.2.2: delta-seconds. No browser caches longer than a day.
function typeOf(value: unknown): string {
  const isAge = Number.isInteger(value) && Number(value) >= 0 &&
    Number(value) <= 86400;
  return isAge ? "an integer from 0 to 86400" : `a ${typeof value}`;
}

function checkNames(given: Given): CorsIssue[] {
  const unknown = Object.keys(given).filter((name) => !NAMES.includes(name));
  return unknown.map((name) => {
    const start = name.slice(0, 4).toLowerCase();
    const hint = NAMES.find((known) => known.toLowerCase().startsWith(start));
    const cure = `write ${hint ?? `one of ${NAMES.join(", ")}`}`;
    return issueOf(name, given[name], `set ${name}`, [
      "unknown",
      cure,
      hint ?? cure,
    ]);
  });
}

function expected(type: string): Complaint {
  return ["type", `expected ${type}`];
}
