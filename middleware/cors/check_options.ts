/**
 * Reads and checks the options of `cors()`.
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
import type { CorsOptions } from "./options.ts";

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
  const isObject = typeof options === "object" && options !== null;
  const copy = isObject ? copyOptions(options) : {};
  const issues = isObject
    ? [...checkLists(copy), ...checkValues(copy), ...checkNames(copy)]
    : [mistyped("options", options, "read options", "an object")];
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
      return mistyped(name, list, act, '"*" or an array');
    }
    return Array.from<unknown>(list).flatMap((entry, index) => {
      const path = list === "*" ? name : `${name}.${index}`;
      if (typeof entry !== "string") {
        return mistyped(path, entry, act, "a string");
      }
      return [check(entry), ...checkWithOthers(entry, name, list, given)]
        .filter((complaint) => complaint !== undefined)
        .map((complaint) => issueOf(path, entry, act, complaint));
    });
  });
}

// Checks an entry that is valid in itself.
function* checkWithOthers(
  entry: string,
  name: string,
  list: "*" | readonly unknown[],
  given: Given,
): Generator<Complaint> {
  if (name === "origins") yield* findRisks(entry, given);
  // Fetch, "HTTP new-header syntax": with credentials "*" is no wildcard. Reflecting
  // the request instead would give every page the sessions of its visitors.
  if (entry === "*" && given.credentials === true) {
    yield ["credentials", "list each one: with credentials it is no wildcard"];
  }
  // Fetch, "CORS non-wildcard request-header name": "*" covers all but Authorization.
  if (name === "headers") {
    if (list.includes("*") && !/^(\*|authorization)$/i.test(entry)) {
      yield ["wildcard", 'remove it: "*" covers it'];
    }
  } else if (entry === "*" && Array.from(list).some((each) => each !== "*")) {
    yield ["wildcard", 'remove it, or remove the entries beside "*"'];
  }
}

function checkValues(given: Given): CorsIssue[] {
  return Object.entries(TYPES).flatMap(([name, type]) => {
    const value = given[name];
    const isValid = name === "maxAge"
      ? isAge(value)
      : `a ${typeof value}` === type;
    if (value === undefined || isValid) return [];
    return mistyped(name, value, `set ${name}`, type);
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

function mistyped(
  path: string,
  value: unknown,
  act: string,
  type: string,
): CorsIssue {
  return issueOf(path, value, act, ["type", `expected ${type}`]);
}
