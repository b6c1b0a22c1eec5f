/**
 * Checks the options of `cors()`.
 *
 * @module
 */

import type { CorsOptions } from "../cors.ts";
import {
  type Check,
  checkList,
  copyList,
  CorsConfigError,
  type CorsIssue,
  issueOf,
  standsAlone,
} from "./error.ts";
import {
  checkExposedHeader,
  checkMethod,
  checkRequestHeader,
} from "./names.ts";
import { checkNamed, checkOrigin, checkSecure } from "./origins.ts";

type Given = Readonly<Record<string, unknown>>;

const TYPES: Given = {
  credentials: "boolean",
  maxAge: "number",
  debug: "boolean",
  onReject: "function",
  dangerouslyAllowInsecureOrigins: "boolean",
  dangerouslyAllowSubdomainsWithCredentials: "boolean",
};
const LISTS = ["origins", "methods", "headers", "exposeHeaders"];
const NAMES = [...LISTS, ...Object.keys(TYPES)];

/**
 * Reads options, each once, and throws all that is wrong with them. What comes back
 * does not change any more.
 */
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
 * Finds everything that is wrong with options of whatever type: JavaScript has no
 * compiler, and what comes from the environment is a string.
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
    checks.push(name === "headers" ? uncovered(list) : standsAlone(list));
    return checkList(name, list, act, checks);
  }
  return [
    ...check("origins", "allow origin", checkOrigin, ...forCredentials(given)),
    ...check("methods", "allow method", checkMethod),
    ...check("headers", "allow request header", checkRequestHeader),
    ...check("exposeHeaders", "expose response header", checkExposedHeader),
  ];
}

function forCredentials(given: Given): Check[] {
  if (given.credentials !== true) return [];
  const { dangerouslyAllowInsecureOrigins: insecure } = given;
  const { dangerouslyAllowSubdomainsWithCredentials: subdomains } = given;
  return [
    ...(insecure === true ? [] : [checkSecure]),
    ...(subdomains === true ? [] : [checkNamed]),
  ];
}

// Fetch, "HTTP new-header syntax": with credentials "*" is no wildcard. To echo what
// comes in its place would hand the user's session to every page there is.
const checkLiteral: Check = (entry) =>
  entry === "*"
    ? ["credentials", "name each one, as with credentials it is no wildcard"]
    : undefined;

// Fetch, "CORS non-wildcard request-header name": "*" covers all but Authorization.
function uncovered(list: unknown): Check {
  const all = Array.isArray(list) && list.includes("*");
  return (entry) =>
    all && entry !== "*" && entry.toLowerCase() !== "authorization"
      ? ["wildcard", 'leave it out, since "*" covers it']
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

// RFC 9111, section 1.2.2: delta-seconds. No browser keeps anything beyond a day.
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
