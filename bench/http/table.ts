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
  /** Megabytes after the load. */
  readonly memory: number;
  /** Milliseconds from its start to its first answer. */
  readonly start: number;
  /** One for each case, in their order. */
  readonly rows: readonly Row[];
}

/** What was measured of one case. */
export interface Row {
  /** Requests in a second. */
  readonly rate: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  /** Requests, as a part of those of the handler written by hand meanwhile. */
  readonly toByHand: number;
  /** The same, of a bare `Deno.serve`. */
  readonly toBare: number;
  /** Microseconds on the core for a request. */
  readonly cpu: number;
  /** What the handler by hand takes of the core, as a part of what this takes. */
  readonly cpuToByHand: number;
}

/**
 * Writes two tables: rates beside the handler by hand, then times and memory.
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
  const rates = results.map(({ name, runtime, rows }) => [
    `${name} (${runtime})`,
    ...rows.map(({ rate, toBare, toByHand }) =>
      `${toByHand.toFixed(2)} · ${toBare.toFixed(2)} · ${thousands(rate)}`
    ),
  ]);
  const costs = results.map(({ name, runtime, rows }) => [
    `${name} (${runtime})`,
    ...rows.map(({ cpu, cpuToByHand }) =>
      `${cpuToByHand.toFixed(2)} · ${cpu.toFixed(1)}`
    ),
  ]);
  const times = results.map(({ name, runtime, rows, memory, start }) => [
    `${name} (${runtime})`,
    ...rows.map(({ p50, p99 }) => `${p50.toFixed(2)} · ${p99.toFixed(2)}`),
    memory.toFixed(0),
    start.toFixed(0),
  ]);
  return `${conditions}

Requests answered as a part of those by hand, both at once on one core · of those of a bare \`Deno.serve\` · requests in a second, alone:

${rowsOf(["", ...cases], rates)}

The same by time on the core, which waiting for the disk is no part of · microseconds a request, alone:

${rowsOf(["", ...cases], costs)}

Milliseconds, p50 · p99; megabytes after the load; milliseconds from start to first answer:

${rowsOf(["", ...cases, "MB", "start"], times)}
`;
}

function thousands(rate: number): string {
  return Math.round(rate).toLocaleString("en");
}
