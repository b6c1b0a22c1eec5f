/**
 * Tests of assertions that do not rest on assertions.
 *
 * @module
 */

/** What a call comes to, `"passes"` or the error that it throws, and the call. */
export type Law = readonly [
  outcome: string | RegExp,
  call: () => unknown,
];

// deno-lint-ignore no-control-regex
const STYLES = /\x1b\[\d+m/g;

/**
 * Registers a test of a table of laws.
 *
 * @param name The name of the test.
 * @param table The laws.
 */
export function laws(name: string, table: readonly Law[]): void {
  Deno.test(name, () => verify(table));
}

/**
 * Verifies laws, and stops at the first that is broken.
 *
 * @param table The laws.
 * @throws {Error} If a law is broken.
 */
export async function verify(table: readonly Law[]): Promise<void> {
  for (const [wanted, call] of table) {
    const outcome = await outcomeOf(call);
    if (
      typeof wanted === "string" ? outcome === wanted : wanted.test(outcome)
    ) {
      continue;
    }
    throw new Error(`${call}\nwanted ${wanted}\ngot    ${outcome}`);
  }
}

/**
 * Writes out how `assertEquals()` fails.
 *
 * @param lines The lines of the diff.
 * @param ending What ends the first sentence.
 * @returns The outcome.
 */
export function diff(lines: string, ending = "."): string {
  return `AssertionError: Values are not equal${ending}\n\n\n    [Diff] Actual / Expected\n\n\n${lines}\n`;
}

/** The error is named without its styles. */
async function outcomeOf(call: () => unknown): Promise<string> {
  try {
    await call();
    return "passes";
  } catch (error) {
    const { name, message } = error as Error;
    return `${name}: ${message}`.replaceAll(STYLES, "");
  }
}
