import {
  assertAlmostEquals,
  assertGreater,
  assertGreaterOrEqual,
  assertLess,
  assertLessOrEqual,
} from "@std/assert";
import { laws } from "./laws.ts";

laws("assertAlmostEquals() allows a ten-millionth by default", [
  ["passes", () => assertAlmostEquals(0.1 + 0.2, 0.3)],
  ["passes", () => assertAlmostEquals(1.00000009, 1)],
  ["passes", () => assertAlmostEquals(Infinity, Infinity)],
  ["passes", () => assertAlmostEquals(NaN, NaN)],
  ["passes", () => assertAlmostEquals(12, 10, 2)],
  [
    'AssertionError: Expected actual: "1.000001e+0" to be close to "1": ' +
    'delta "9.999999999177334e-7" is greater than "1e-7".',
    () => assertAlmostEquals(1.000001, 1),
  ],
  [
    'AssertionError: Expected actual: "1" to be close to "Infinity": ' +
    'delta "Infinity" is greater than "1e-7": why',
    () => assertAlmostEquals(1, Infinity, undefined, "why"),
  ],
]);

laws("assertGreater() and its kin compare as the operators do", [
  ["passes", () => assertGreater(2, 1)],
  ["AssertionError: Expect 1 > 1", () => assertGreater(1, 1)],
  ["AssertionError: why", () => assertGreater(0, 1, "why")],
  ["passes", () => assertGreaterOrEqual("b", "b")],
  ['AssertionError: Expect "a" >= "b"', () => assertGreaterOrEqual("a", "b")],
  ["passes", () => assertLess(new Date(0), new Date(1))],
  ["AssertionError: Expect 1n < 1n", () => assertLess(1n, 1n)],
  ["passes", () => assertLessOrEqual(1, 1)],
  ["AssertionError: Expect NaN <= 1", () => assertLessOrEqual(NaN, 1)],
]);
