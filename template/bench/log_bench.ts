/**
 * What a line of the access log costs, beside `JSON.stringify()` and a regular
 * expression over the whole line. `layers_bench.ts` has the layer.
 *
 * @module
 */

import { createLog } from "../../server/log.ts";

const FIELDS = {
  requestId: "0b5e6d1e-8f4f-4d7e-9d44-3c5d9d1c2f10",
  method: "GET",
  path: "/tasks/01JD4Z3W6Q8R9TB2CVN5XKYM7P",
  route: "/tasks/:id",
  status: 200,
  durationMs: 0.12,
  cors: "allowed",
  corsReason: undefined,
};

let length = 0;
function count(line: string): void {
  length += line.length;
}

Deno.bench("JSON.stringify()", { group: "line", baseline: true }, () => {
  const time = new Date().toISOString();
  const fields = { time, level: "info", msg: "request", ...FIELDS };
  count(
    `${JSON.stringify(fields).replace(/[\x7f-\x9f\u2028-\u202e]/g, escape)}\n`,
  );
});
for (const format of ["json", "text"] as const) {
  const log = createLog({ level: "info", format, write: count });
  Deno.bench(`createLog(), ${format}`, { group: "line" }, () => {
    log("info", "request", FIELDS);
  });
}
