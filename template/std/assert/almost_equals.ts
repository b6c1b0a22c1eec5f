import { ending } from "./_ending.ts";
import { AssertionError } from "./assertion_error.ts";

/**
 * Asserts that two numbers are as good as equal, since floating-point
 * arithmetic rounds.
 *
 * @example Usage
 * ```ts
 * import { assertAlmostEquals, assertThrows } from "@std/assert";
 *
 * assertAlmostEquals(0.1 + 0.2, 0.3);
 * assertAlmostEquals(12, 10, 5);
 * assertThrows(() => assertAlmostEquals(12, 10));
 * ```
 *
 * @param actual The number to check.
 * @param expected The number that it should be close to.
 * @param tolerance The greatest difference allowed. The default is a
 * ten-millionth of the expected number.
 * @param msg What to add to the message of the failure.
 * @throws {AssertionError} If the numbers are farther apart.
 */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance: number = isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const delta = Math.abs(expected - actual);
  if (delta <= tolerance) return;
  throw new AssertionError(
    `Expected actual: "${print(actual)}" to be close to "${
      print(expected)
    }": delta "${print(delta)}" is greater than "${print(tolerance)}"${
      ending(msg)
    }`,
  );
}

function print(value: number): string {
  return Number.isInteger(value) ? `${value}` : value.toExponential();
}
