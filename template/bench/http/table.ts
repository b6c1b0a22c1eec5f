/**
 * Writes results as a table in Markdown.
 *
 * @module
 */

import { rowsOf } from "../measure.ts";

/** What was measured of one server. */
export interface Result {
  /** Its name. */
  readonly name: string;
  /** What it runs on. */
  readonly runtime: string;
  /** How many cores it has. */
  readonly cores: number;
  /** Megabytes after the load. */
  readonly memory: number;
  /** Milliseconds from its start to its first response. */
  readonly start: number;
  /** One for each case, in their order. */
  readonly rows: readonly Row[];
}

/** What was measured of one case. Measured alone, unless stated otherwise. */
export interface Row {
  /** Requests in a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Microseconds on the core for a request. */
  readonly cpu: number;
  /** Requests served, divided by those served by hand meanwhile. */
  readonly served: number;
  /** Time on the core for a request by hand, divided by that here, both in parallel. */
  readonly toByHand: number;
  /** The same for a bare `Deno.serve`, worked out from both. */
  readonly toBare: number;
  /** How far a single second was from `toByHand`, at most. */
  readonly spread: number;
}

/**
 * Writes tables: costs beside the handler by hand, what was served meanwhile, times and
 * memory, then what servers with more than one core can do.
 *
 * @param results What was measured.
 * @param cases Names of the cases.
 * @param conditions When and where.
 * @returns The text.
 */
export function tableOf(
  results: readonly Result[],
  cases: readonly string[],
  conditions: string,
): string {
  const costs = rowsFrom(
    results,
    ({ toByHand, toBare, rate }) =>
      `${toByHand.toFixed(2)} · ${toBare.toFixed(2)} · ${thousands(rate)}`,
  );
  const rates = rowsFrom(
    results,
    ({ served, cpu, spread }) =>
      `${served.toFixed(2)} · ${cpu.toFixed(1)} · ±${spread.toFixed(2)}`,
  );
  const times = rowsFrom(
    results,
    ({ p50, p99 }) => `${p50.toFixed(2)} · ${p99.toFixed(2)}`,
  );
  const ends = results.map((
    { memory, start },
  ) => [memory.toFixed(0), start.toFixed(0)]);
  return `${conditions}

Time on the core that a request takes by hand, as a part of what it takes here (more is better, 1 is the limit) · that of a bare \`Deno.serve\`, likewise · requests in a second, alone:

${rowsOf(["", ...cases], costs)}

Requests served, as a part of those by hand meanwhile, which counts the wait for the disk · microseconds on the core for a request, alone · how far a single second was from the first number above, at most:

${rowsOf(["", ...cases], rates)}

Alone: milliseconds, p50 · p99; megabytes after the load; milliseconds from start to first response:

${
    rowsOf(
      ["", ...cases, "MB", "start"],
      times.map((row, i) => [...row, ...ends[i]!]),
    )
  }
${coresOf(results, cases)}`;
}

/**
 * Writes what servers with more than one core do. The load takes a part of one of them,
 * so the CPU time of a request says what they could do without it.
 */
function coresOf(results: readonly Result[], cases: readonly string[]): string {
  const several = results.filter(({ cores }) => cores > 1);
  if (several.length === 0) return "";
  const rows = several.flatMap((result) =>
    rowsFrom(
      [result],
      ({ rate, cpu }) =>
        `${thousands(rate)} · ${thousands(result.cores * 1e6 / cpu)}`,
    )
  );
  return `
Servers with two cores, one of which the load shares at low priority: requests in a second, alone · what both cores have the CPU time for:

${rowsOf(["", ...cases], rows)}
`;
}

function rowsFrom(
  results: readonly Result[],
  cell: (row: Row) => string,
): string[][] {
  return results.map((
    { name, runtime, rows },
  ) => [`${name} (${runtime})`, ...rows.map(cell)]);
}

function thousands(rate: number): string {
  return Math.round(rate).toLocaleString("en");
}
