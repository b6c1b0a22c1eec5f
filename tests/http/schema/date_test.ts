import { date, dateTime } from "../../../http/schema/date.ts";
import { testRows } from "./_rows.ts";

const DATE = "Must be a date that exists, such as 2026-02-28";
const TIME = "Must be a time that exists, such as 2026-02-28T08:15:00Z";

testRows([
  [date(), "2028-02-29"],
  [date(), "0001-01-01"],
  [dateTime(), "2026-02-28T08:15:00Z"],
  [dateTime(), "2026-02-28T23:59:59.123456789+14:00"],
], [
  [date(), "2026-02-30", DATE],
  [date(), "0000-01-01", DATE],
  [date(), "12026-01-01", DATE],
  [date(), "2026-1-1", DATE],
  [date(), "2026-01-01\n", DATE],
  [dateTime(), "2026-02-30T08:15:00Z", TIME],
  [dateTime(), "2026-02-28T24:00:00Z", TIME],
  [dateTime(), "2026-02-28T08:15:00", TIME],
]);
