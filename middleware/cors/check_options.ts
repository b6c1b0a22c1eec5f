/**
 * Checks the options of `cors()`.
 *
 * @module
 */

import {
  checkExtension,
  checkNamed,
  checkOrigin,
  checkSecure,
  checkSuffix,
} from "./check_origin.ts";
import { type Complaint, type CorsIssue, issueOf } from "./error.ts";
import {
  checkExposedHeader,
  checkMethod,
  checkRequestHeader,
} from "./names.ts";

type Check = (entry: string) => Complaint | undefined;
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
/** The names of all options. */
export const OPTION_NAMES: readonly string[] = [
  ...LISTS,
  ...Object.keys(TYPES),
];

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
  const unknown = Object.keys(given).filter((name) =>
    !OPTION_NAMES.includes(name)
  );
  return unknown.map((name) => {
    const start = name.slice(0, 4).toLowerCase();
    const hint = OPTION_NAMES.find((known) =>
      known.toLowerCase().startsWith(start)
    );
    const cure = `write ${hint ?? `one of ${OPTION_NAMES.join(", ")}`}`;
    return issueOf(name, given[name], `set ${name}`, ["unknown", cure, hint]);
  });
}

// Runs each check on each entry of a list, or on a bare "*".
function checkList(
  path: string,
  list: unknown,
  act: string,
  checks: readonly Check[],
): CorsIssue[] {
  if (list !== "*" && !Array.isArray(list)) {
    return [issueOf(path, list, act, ["type", 'expected "*" or an array'])];
  }
  return Array.from<unknown>(list).flatMap((entry, index) => {
    const complaints = typeof entry === "string"
      ? checks.map((check) => check(entry))
      : [["type", "expected a string"] as const];
    const where = list === "*" ? path : `${path}.${index}`;
    return complaints.filter((complaint) => complaint !== undefined)
      .map((complaint) => issueOf(where, entry, act, complaint));
  });
}

function isOnlyEntry(list: unknown): Check {
  const others = Array.isArray(list) && list.some((entry) => entry !== "*");
  return (entry) =>
    entry === "*" && others
      ? ["wildcard", 'remove it, or remove the entries beside "*"']
      : undefined;
}
