// deno-lint-ignore-file no-console -- the program prints its result

/**
 * Checks the version of Deno, before a task does something that an old one has not.
 *
 * @module
 */

/**
 * Returns what to do about a version of Deno that is too old.
 *
 * @example Usage
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(versionProblem("2.9.0"), undefined);
 * ```
 */
export function versionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > 2 || (major === 2 && minor >= 9)) return undefined;
  return `Deno ${version} is too old: get 2.9 or later with "deno upgrade", or with "npx --yes deno@2.9.6" in place of "deno"`;
}

if (import.meta.main) {
  const problem = versionProblem(Deno.version.deno);
  if (problem) console.error(problem);
  Deno.exit(problem ? 1 : 0);
}
