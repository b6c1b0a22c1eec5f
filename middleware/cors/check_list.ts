/**
 * Checks lists of options.
 *
 * @module
 */

import { type Complaint, type CorsIssue, issueOf } from "./error.ts";

/** Returns why an entry of a list is invalid, if it is. */
export type Check = (entry: string) => Complaint | undefined;

/** Copies a list, so that later changes of it have no effect. */
export function copyList<T>(list: T): T {
  return Array.isArray(list) ? Array.from(list) as T : list;
}

/** Runs each check on each entry of a list, or on a bare `"*"`. */
export function checkList(
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

/** Creates the check that `"*"` is the only entry of its list. */
export function isOnlyEntry(list: unknown): Check {
  const others = Array.isArray(list) && list.some((entry) => entry !== "*");
  return (entry) =>
    entry === "*" && others
      ? ["wildcard", 'remove it, or remove the entries beside "*"']
      : undefined;
}
