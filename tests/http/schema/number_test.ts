import { integer, number } from "../../../http/schema/number.ts";
import { testRows } from "./_rows.ts";

const RANGE = "Must be a whole number from 1 to 9";
const WHOLE = "Must be a whole number";

testRows([
  [number(), -1.5],
  [number({ min: 0, max: 0 }), 0],
  [integer({ min: 1, max: 9 }), 9],
], [
  [number(), "1", "Must be a number"],
  [number(), NaN, "Must be a number"],
  [number({ max: 1 }), 2, "Must be a number to 1"],
  [integer({ min: 1, max: 9 }), 0, RANGE],
  [integer({ min: 1, max: 9 }), 1.5, RANGE],
  [integer({ min: 1, max: 9 }), "1", RANGE],
  [integer(), 2 ** 53, WHOLE],
]);
