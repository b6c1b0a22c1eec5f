import {
  date,
  dateTime,
  integer,
  number,
} from "../../../http/schema/scalars.ts";
import { testRows } from "./_rows.ts";

const DATE = "Must be a date that exists, such as 2026-02-28";
const TIME = "Must be a time that exists, such as 2026-02-28T08:15:00Z";
const RANGE = "Must be a whole number from 1 to 9";
const WHOLE = "Must be a whole number";

testRows([
  [date(), "2028-02-29"],
  [date(), "0001-01-01"],
  [dateTime(), "2026-02-28T08:15:00Z"],
  [dateTime(), "2026-02-28T23:59:59.123456789+14:00"],
  [number(), -1.5],
  [number({ min: 0, max: 0 }), 0],
  [integer({ min: 1, max: 9 }), 9],
], [
  [date(), "2026-02-30", DATE],
  [date(), "0000-01-01", DATE],
  [date(), "12026-01-01", DATE],
  [date(), "2026-1-1", DATE],
  [date(), "2026-01-01\n", DATE],
  [dateTime(), "2026-02-30T08:15:00Z", TIME],
  [dateTime(), "2026-02-28T24:00:00Z", TIME],
  [dateTime(), "2026-02-28T08:15:00", TIME],
  [number(), "1", "Must be a number"],
  [number(), NaN, "Must be a number"],
  [number({ max: 1 }), 2, "Must be a number to 1"],
  [integer({ min: 1, max: 9 }), 0, RANGE],
  [integer({ min: 1, max: 9 }), 1.5, RANGE],
  [integer({ min: 1, max: 9 }), "1", RANGE],
  [integer(), 2 ** 53, WHOLE],
]);
