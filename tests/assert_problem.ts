import { assertEquals, assertMatch } from "@std/assert";
import type { Issue } from "../http/problem.ts";
import { PROBLEM_TYPES, type ProblemName } from "../http/problem_types.ts";

/**
 * What is wrong, by where it is: `#/title` in the body, `?limit` in the query,
 * anything else is a header.
 */
export type Wrong = Readonly<Record<string, string>>;

/** Checks that a response is a problem, member for member, and nothing else. */
export async function assertProblem(
  response: Response,
  status: number,
  type: ProblemName,
  wrong: Wrong = {},
): Promise<void> {
  const { detail, ...rest } = await response.json();

  assertEquals(rest, {
    type: `/problems/${type}`,
    title: PROBLEM_TYPES[type].title,
    status,
    requestId: response.headers.get("X-Request-Id"),
    ...(Object.keys(wrong).length > 0 && {
      errors: Object.entries(wrong).map(toIssue),
    }),
  });
  // A sentence for a person, without the period, without a stack.
  assertMatch(detail, /^[^\n]*[^\n.]$/);
  assertEquals(response.status, status);
  assertEquals(
    response.headers.get("Content-Type"),
    "application/problem+json",
  );
}

function toIssue([where, detail]: [string, string]): Issue {
  if (where.startsWith("#")) return { pointer: where, detail };
  return where.startsWith("?")
    ? { parameter: where.slice(1), detail }
    : { header: where, detail };
}
