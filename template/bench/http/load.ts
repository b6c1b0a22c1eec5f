/**
 * Puts load on a server from the other core, and measures how it copes.
 *
 * @module
 */

import type { Case } from "./cases.ts";

const CONNECTIONS = "64";
const AUTOCANNON = new URL(
  "../peers/node_modules/autocannon/autocannon.js",
  import.meta.url,
).pathname;

/** What a server did under load. */
export interface Load {
  /** Requests that got a response. */
  readonly requests: number;
  /** Requests in a second. */
  readonly rate: number;
  /** Median latency, in milliseconds. */
  readonly p50: number;
  /** Latency that 99 of 100 did not exceed, in milliseconds. */
  readonly p99: number;
  /** Requests that failed. */
  readonly errors: number;
}

/** Puts load on a server. */
export type Loader = (
  url: string,
  each: Case,
  seconds: number,
) => Promise<Load>;

/**
 * Finds a program that puts load on servers: Debian's `wrk`, or `autocannon` from
 * npm, which is slower itself and so sees less of a difference.
 *
 * @returns Its name, and how to use it.
 */
export async function findLoader(): Promise<[name: string, loader: Loader]> {
  try {
    await new Deno.Command("wrk", { stdout: "null", stderr: "null" }).output();
    return ["wrk", wrk];
  } catch {
    return ["autocannon", autocannon];
  }
}

async function wrk(url: string, each: Case, seconds: number): Promise<Load> {
  const script = await Deno.makeTempFile({ suffix: ".lua" });
  await Deno.writeTextFile(script, luaFor(each));
  const args = [
    ...["-t", "1", "-c", CONNECTIONS, "-d", `${seconds}`],
    ...["--timeout", "20", "-s", script],
  ];
  const out = await run(["wrk", ...args, url])
    .finally(() => Deno.remove(script));
  const { requests, us, p50, p99, errors } = JSON.parse(out);
  return {
    requests,
    rate: requests / (us / 1e6),
    p50: p50 / 1000,
    p99: p99 / 1000,
    errors,
  };
}

function luaFor({ method, headers, body }: Case): string {
  const lines = Object.entries(headers).map(([name, value]) =>
    `wrk.headers[${JSON.stringify(name)}] = ${JSON.stringify(value)}`
  );
  return `wrk.method = "${method}"
${lines.join("\n")}
${body === undefined ? "" : `wrk.body = ${JSON.stringify(body)}`}
done = function(summary, latency)
  local e = summary.errors
  io.write(string.format(
    '\\n{"requests":%d,"us":%d,"p50":%d,"p99":%d,"errors":%d}\\n',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    e.connect + e.read + e.write + e.status + e.timeout))
end
`;
}

async function autocannon(
  url: string,
  { method, headers, body }: Case,
  seconds: number,
): Promise<Load> {
  const out = await run([
    ...["node", AUTOCANNON, "--json", "-c", CONNECTIONS, "-d", `${seconds}`],
    ...["-m", method, ...(body === undefined ? [] : ["-b", body])],
    ...Object.entries(headers).flatMap(([name, value]) => [
      "-H",
      `${name}=${value}`,
    ]),
    url,
  ]);
  const { requests, duration, latency, errors, non2xx } = JSON.parse(out);
  return {
    requests: requests.total,
    rate: requests.total / duration,
    p50: latency.p50,
    p99: latency.p99,
    errors: errors + non2xx,
  };
}

/**
 * Runs a program on core 1, and gives the last line that it writes. A server that has
 * this core too goes first.
 */
async function run(command: readonly string[]): Promise<string> {
  const { stdout, stderr, success } = await new Deno.Command("taskset", {
    args: ["-c", "1", "nice", "-n", "19", ...command],
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  const output = decoder.decode(stdout).trim();
  if (success) return output.split("\n").at(-1)!;
  throw new Error(
    `Cannot run ${command.join(" ")}: ${decoder.decode(stderr)}${output}`,
  );
}
